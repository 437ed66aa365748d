import type { Timings } from '../timings.ts'

type Stop = Pick<Timings, 'drainMs' | 'flushMs'>

/**
 * Stops accepting connections and waits for the requests in flight. Then cuts the connections that are left, such as
 * those without a whole request. Returns the number of requests that got no answer.
 */
export async function stopServer(
  server: Bun.Server<unknown> | null,
  { drainMs, flushMs }: Stop,
): Promise<number> {
  const stopped = server?.stop()
  const deadline = performance.now() + drainMs
  while (server?.pendingRequests && performance.now() < deadline) await Bun.sleep(20)
  const unanswered = server?.pendingRequests ?? 0
  // A request is no longer pending while its answer is still being sent.
  await Promise.race([stopped, Bun.sleep(flushMs)])
  await server?.stop(true)
  return unanswered
}
