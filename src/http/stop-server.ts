import type { Timings } from '../timings.ts'

type Stop = Pick<Timings, 'drainMs' | 'flushMs'>

/**
 * Stops accepting connections and waits for the requests in flight. Then cuts the connections that are left, such as
 * those without a whole request.
 */
export async function stopServer(server: Bun.Server<unknown> | null, { drainMs, flushMs }: Stop) {
  const stopped = server?.stop()
  const deadline = performance.now() + drainMs
  while (server?.pendingRequests && performance.now() < deadline) await Bun.sleep(20)
  // A request is no longer pending while its answer is still being sent.
  await Promise.race([stopped, Bun.sleep(flushMs)])
  await server?.stop(true)
}
