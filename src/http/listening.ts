/** How the server listens, whatever its address. Times are seconds. */
export const listening = {
  /** Otherwise a second server would silently share the port. */
  reusePort: false,
  /** Bun's own error pages show the source. */
  development: false,
  idleTimeout: 30,
  /** Bodies are bounded where they are read; Bun's own answer would be no problem details. */
  maxRequestBodySize: Number.MAX_SAFE_INTEGER,
}
