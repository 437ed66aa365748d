import { join } from 'node:path'

/** The result of one run of the load generator. `p50` and `p99` are latencies in milliseconds. */
export type Load = { requests: number; perSecond: number; p50: number; p99: number }

export const connections = 32
const seconds = 1

/** A file of `length` requests, which wrk sends in a loop. `once`: each of them counts only once in a load. */
export type Recording = { path: string; length: number; once: boolean }

/** @throws Error with installation instructions if wrk is missing */
export function requireWrk() {
  if (Bun.which('wrk')) return
  throw new Error(
    'The benchmark needs the load generator wrk: `apt install wrk`, `brew install wrk`, or https://github.com/wg/wrk.',
  )
}

/** Writes a file of requests for wrk. */
export async function record(path: string, requests: string[], once = false): Promise<Recording> {
  await Bun.write(path, requests.map((request) => `${Buffer.byteLength(request)}\n${request}`).join(''))
  return { path, length: requests.length, once }
}

/**
 * Loads a server for a second with a recording, starting after its request number `place`.
 * @throws Error if a request failed, because the figures would then measure failures
 */
export async function load(url: string, { path }: Recording, place: number): Promise<Load> {
  // Pin wrk to the last core where `taskset` exists.
  const pin = Bun.which('taskset') ? ['taskset', '-c', String(navigator.hardwareConcurrency - 1)] : []
  const options = ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', join(import.meta.dir, 'play.lua')]
  const run = Bun.spawn([...pin, 'wrk', ...options, url, '--', path, String(place)], { stderr: 'inherit' })
  const output = await new Response(run.stdout).text()
  const [, json] = /^RESULT (.*)$/m.exec(output) ?? []
  if (!json) throw new Error(`wrk did not run:\n${output}`)
  const { failed, ...load } = JSON.parse(json) as Load & { failed: number }
  if (failed > 0) throw new Error(`${failed} of ${load.requests} requests failed:\n${output}`)
  return load
}
