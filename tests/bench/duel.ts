import type { BenchServer } from './servers.ts'
import { connections, type Load, load, type Recording } from './wrk.ts'

export type Bout = {
  work: string
  ours: BenchServer
  limit: BenchServer
  /** The requests, which are sent over and over; or a maker of new ones for each load, which are sent once. */
  recording: Recording | (() => Promise<Recording>)
  /** Runs before each load of a server. */
  prepare?: (side: 'ours' | 'limit') => unknown
  /** The ratio to reach. */
  reach?: number
}

/** A load, and the processor time that the server spent on each request, in microseconds. */
type Run = Load & { cpuMicros: number }

export type Result = { work: string; ours: Run; limit: Run; ratio: number; reach?: number | undefined }

/** Rounds that do not count: the more code a program has, the longer it is compiled. */
const warmUp = 3

/** Loads two servers in turns, after some rounds to warm them up. What it gives are medians of the rounds. */
export async function duel(bout: Bout, rounds: number): Promise<Result> {
  const places = { ours: 0, limit: 0 }
  const runs = { ours: [] as Run[], limit: [] as Run[] }

  async function turn(side: 'ours' | 'limit', counts: boolean) {
    await bout.prepare?.(side)
    const once = typeof bout.recording === 'function'
    const recording = typeof bout.recording === 'function' ? await bout.recording() : bout.recording
    const server = bout[side]
    const cpuBefore = server.cpuMs()
    const result = await load(server.url, recording, once ? 0 : places[side])
    const cpuMicros = ((server.cpuMs() - cpuBefore) * 1000) / result.requests
    if (counts) runs[side].push({ ...result, cpuMicros })
    // Those that were on their way at the end have been sent too.
    const sent = result.requests + connections
    places[side] += sent
    if (once && sent > recording.length) throw new Error(`${bout.work}: too few requests.`)
  }

  for (let round = 0; round < warmUp + rounds; round++) {
    const order = round % 2 === 0 ? (['ours', 'limit'] as const) : (['limit', 'ours'] as const)
    for (const side of order) await turn(side, round >= warmUp)
  }
  // Neighbours in time are compared, so that what else the machine does weighs on both.
  const ratios = runs.ours.map(
    ({ perSecond }, round) => perSecond / (runs.limit[round]?.perSecond ?? Number.NaN),
  )
  const { work, reach } = bout
  return { work, ours: medianRun(runs.ours), limit: medianRun(runs.limit), ratio: median(ratios), reach }
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

function medianRun(runs: Run[]): Run {
  const of = (name: keyof Run) => median(runs.map((one) => one[name]))
  return {
    requests: of('requests'),
    perSecond: of('perSecond'),
    p50: of('p50'),
    p99: of('p99'),
    cpuMicros: of('cpuMicros'),
  }
}
