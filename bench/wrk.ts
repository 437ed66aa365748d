import { join } from 'node:path'

/** What one run of the load generator saw. Latencies are milliseconds. */
export type Load = { requests: number; perSecond: number; p50: number; p99: number }

export const connections = 32
const seconds = 1

/** A file of requests, which wrk plays in turn, over and over. */
export type Recording = { path: string; length: number }

/** @throws Error that says how to install wrk, if it is missing. */
export function requireWrk() {
  if (Bun.which('wrk')) return
  throw new Error(
    'The benchmark needs the load generator wrk: `apt install wrk`, `brew install wrk`, or https://github.com/wg/wrk.',
  )
}

/** Writes requests down for wrk. */
export async function record(path: string, requests: string[]): Promise<Recording> {
  await Bun.write(path, requests.map((request) => `${Buffer.byteLength(request)}\n${request}`).join(''))
  return { path, length: requests.length }
}

/**
 * Loads a server for a second with a recording, from its request number `place` on.
 * @throws Error if any request failed: what was measured would not be the work.
 */
export async function load(url: string, { path }: Recording, place: number): Promise<Load> {
  // On a core of its own, as far as the system lets it: the last one.
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
