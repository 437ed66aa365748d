import { diskFolder } from '../tests/support/folder.ts'
import { median, type Side } from './comparison.ts'
import { createData, small } from './data.ts'
import type { Plan } from './rows.ts'
import { type BenchServer, startBaseline, startServer } from './servers.ts'
import { type Fact, showRange } from './tables.ts'

type Starts = { ms: number[]; megabytes: number[] }

/**
 * Starts each program `rounds` times, in turns, after one start of each that does not count: the first start may create
 * the database. Returns the times from the start of the process to its first answer, and the memory half a second later.
 */
export async function repeatStarts<Name extends string>(
  rounds: number,
  programs: Record<Name, () => Promise<BenchServer>>,
): Promise<Record<Name, Starts>> {
  const names = Object.keys(programs) as Name[]
  const starts = names.map((name) => [name, { ms: [], megabytes: [] } as Starts] as const)
  for (let round = -1; round < rounds; round++) {
    for (const [name, { ms, megabytes }] of starts) {
      await using server = await programs[name]()
      if (round < 0) continue
      await Bun.sleep(500)
      ms.push(server.startMs)
      megabytes.push(server.megabytes())
    }
  }
  return Object.fromEntries(starts) as Record<Name, Starts>
}

/** Measures the start with Bun, and the memory of the idle process. */
export async function measureStarts(plan: Plan): Promise<Fact[]> {
  if (!plan.wants('start')) return []
  using folder = diskFolder()
  const path = `${folder.path}/bench.db`
  createData(path, small)
  const log = `${folder.path}/server.log`
  const { server, baseline } = await repeatStarts(plan.rounds, {
    server: () => startServer({ log, database: `file:${path}`, modelUrl: plan.model.url }),
    baseline: () => startBaseline(folder.path, path),
  })
  return [
    {
      what: 'Start to first answer',
      measured: `${showRange(server.ms)} ms (baseline: ${showRange(baseline.ms)} ms)`,
      target: 'half of 1.0.0’s (`--against`)',
    },
    {
      what: 'Memory at rest',
      measured: `${showRange(server.megabytes)} MB (baseline: ${showRange(baseline.megabytes)} MB)`,
      target: '≤ 80 MB',
    },
  ]
}

/** Compares the starts of two checkouts, each on a database that the checkout created. */
export async function compareStarts(plan: Plan, commands: Record<Side, string[]>): Promise<Fact[]> {
  if (!plan.wants('start')) return []
  using folder = diskFolder()
  const begin = (side: Side) => () =>
    startServer({
      log: `${folder.path}/${side}.log`,
      database: `file:${folder.path}/${side}.db`,
      modelUrl: plan.model.url,
      command: commands[side],
    })
  const { first, second } = await repeatStarts(plan.rounds, {
    first: begin('first'),
    second: begin('second'),
  })
  const half = (median(first.ms) / median(second.ms)).toFixed(2)
  return [
    {
      what: 'Start to first answer',
      measured: `${showRange(first.ms)} ms, ${half} × the other checkout’s`,
      target: `0.5 × ${showRange(second.ms)} ms (the other checkout)`,
    },
    {
      what: 'Memory at rest',
      measured: `${showRange(first.megabytes)} MB`,
      target: `${showRange(second.megabytes)} MB (the other checkout)`,
    },
  ]
}
