type Held = {
  server: { timeout: (request: Request, seconds: number) => void } | null
  request: Request
  /** The idle time-out of the server, in seconds: it holds again when the work is done. */
  idleSeconds: number
  /** How far ahead the time-out is set while the work runs, in seconds; Bun allows 255. */
  spanSeconds?: number
}

/**
 * Runs `work` without the server's idle time-out closing the connection of the request, however long it takes.
 * The time-out is moved on again and again, since Bun's longest is 255 seconds, and 0 (none) would hold for the next
 * request as well: a time-out that is set for a request stays until the next one has arrived in full.
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
