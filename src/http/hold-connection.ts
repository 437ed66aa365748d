type Held = {
  server: { timeout: (request: Request, seconds: number) => void } | null
  request: Request
  /** The server's idle time-out in seconds, which is restored after the work. */
  idleSeconds: number
  /** The time-out while the work runs, in seconds; Bun allows at most 255. */
  spanSeconds?: number
}

/**
 * Runs `work` and keeps the request's connection open, however long the work takes. The time-out is extended
 * repeatedly, because Bun allows at most 255 seconds, and 0 (no time-out) would stay in force until the next request on
 * the connection has arrived in full.
 */
export async function holdConnection<Result>(
  { server, request, idleSeconds, spanSeconds = 60 }: Held,
  work: () => Promise<Result>,
): Promise<Result> {
  server?.timeout(request, spanSeconds)
  const timer = setInterval(() => server?.timeout(request, spanSeconds), spanSeconds * 250)
  try {
    return await work()
  } finally {
    clearInterval(timer)
    server?.timeout(request, idleSeconds)
  }
}
