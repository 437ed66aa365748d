import type { BenchServer } from './servers.ts'
import { connections, type Load, load, type Recording } from './wrk.ts'

export type Side = 'first' | 'second'

export type Comparison = {
  work: string
  first: BenchServer
  second: BenchServer
  /** The requests; or a function that creates new requests for each load. */
  recording: Recording | (() => Promise<Recording>)
  /** Runs before each load of a server. */
  prepare?: (side: Side) => unknown
  /** The lowest acceptable ratio. */
  target?: number
}

/** `cpuMicros`: the server's processor time for each request, in microseconds. */
export type Run = Load & { cpuMicros: number }

export type Result = {
  work: string
  first: Run
  second: Run
  /** The median over the rounds of the first server's requests per second, divided by the second server's. */
  ratio: number
  spread: [lowest: number, highest: number]
  target?: number
}

/** Rounds that do not count, during which Bun compiles the hot code. */
const warmUp = 3

/** Loads two servers alternately, after the warm-up rounds. */
export async function compare(comparison: Comparison, rounds: number): Promise<Result> {
  const places = { first: 0, second: 0 }
  const { work, recording: requests, prepare, target } = comparison

  async function run(side: Side): Promise<Run> {
    await prepare?.(side)
    const recording = typeof requests === 'function' ? await requests() : requests
    const { once } = recording
    const server = comparison[side]
    const cpuBefore = server.cpuMs()
    const result = await load(server.url, recording, once ? 0 : places[side])
    const cpuMicros = ((server.cpuMs() - cpuBefore) * 1000) / result.requests
    // Each connection has sent one more request without an answer.
    const sent = result.requests + connections
    places[side] += sent
    if (once && sent > recording.length) throw new Error(`${work}: too few requests.`)
    return { ...result, cpuMicros }
  }

  const result = { work, ...(await alternate(run, { warmUp, rounds })) }
  return target === undefined ? result : { ...result, target }
}

/** Measures both sides alternately; returns the medians of the rounds that count. */
export async function alternate(
  run: (side: Side) => Promise<Run>,
  { warmUp, rounds }: { warmUp: number; rounds: number },
) {
  const runs = { first: [] as Run[], second: [] as Run[] }
  for (let round = 0; round < warmUp + rounds; round++) {
    const order = round % 2 === 0 ? (['first', 'second'] as const) : (['second', 'first'] as const)
    for (const side of order) {
      const result = await run(side)
      if (round >= warmUp) runs[side].push(result)
    }
  }
  // Compare runs of the same round, so that other load on the machine affects both sides.
  const ratios = runs.first.map(
    ({ perSecond }, round) => perSecond / (runs.second[round]?.perSecond ?? Number.NaN),
  )
  const spread: Result['spread'] = [Math.min(...ratios), Math.max(...ratios)]
  return { first: medianRun(runs.first), second: medianRun(runs.second), ratio: median(ratios), spread }
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

function medianRun(runs: Run[]): Run {
  const medianOf = (name: keyof Run) => median(runs.map((run) => run[name]))
  return {
    requests: medianOf('requests'),
    perSecond: medianOf('perSecond'),
    p50: medianOf('p50'),
    p99: medianOf('p99'),
    cpuMicros: medianOf('cpuMicros'),
  }
}
