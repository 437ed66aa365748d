import { join } from 'node:path'
import { sessionToken } from '../support/clerk.ts'
import { temporaryFolder } from '../support/folder.ts'
import { goodChallenge } from '../support/model.ts'
import { activeUsers, createData, small } from './data.ts'
import { median } from './duel.ts'
import type { Plan } from './rows.ts'
import { type BenchServer, startLimit, startOurs } from './servers.ts'

export type Fact = { what: string; ours: string; reach: string }

const modelMs = 2000

/** A thousand generations in flight at once, at a model that takes two seconds. */
export async function inFlight(plan: Plan): Promise<Fact[]> {
  if (!plan.wants('flight')) return []
  using folder = temporaryFolder()
  await using ours = await startOurs(folder.path, `file:${folder.path}/ours.db`, plan.model.url, plan.program)
  const tokens = await Promise.all(activeUsers.map((user) => sessionToken(user)))
  await Bun.write(`${folder.path}/tokens`, tokens.join('\n'))
  plan.model.author = async () => {
    await Bun.sleep(modelMs)
    return goodChallenge()
  }

  const before = ours.megabytes()
  const crowd = Bun.spawn(
    [process.execPath, join(import.meta.dir, 'crowd.ts'), ours.url, `${folder.path}/tokens`],
    {
      env: { PATH: process.env.PATH, BUN_CONFIG_MAX_HTTP_REQUESTS: '2000' },
      stderr: 'inherit',
    },
  )
  const peak = await peakUntil(crowd.exited, ours)
  const { milliseconds, generated } = JSON.parse(await new Response(crowd.stdout).text()) as {
    milliseconds: number
    generated: number
  }
  const what = `${activeUsers.length} generations in flight at a ${modelMs / 1000} s model`
  return [
    { what: `${what}: generated`, ours: String(generated), reach: String(activeUsers.length) },
    {
      what: `${what}: time until all are answered`,
      ours: `${(milliseconds / modelMs).toFixed(2)} × the model’s`,
      reach: '1.5 ×',
    },
    {
      what: `${what}: growth of memory at its peak`,
      ours: `${(peak - before).toFixed(0)} MB`,
      reach: '< 100 MB',
    },
  ]
}

async function peakUntil(end: Promise<unknown>, server: BenchServer): Promise<number> {
  let over = false
  void end.then(() => {
    over = true
  })
  let peak = 0
  while (!over) {
    peak = Math.max(peak, server.megabytes())
    await Bun.sleep(50)
  }
  return peak
}

/** How long a start takes, and what the process holds when it has nothing to do. */
export async function starting(plan: Plan): Promise<Fact[]> {
  if (!plan.wants('start')) return []
  using folder = temporaryFolder()
  const path = `${folder.path}/bench.db`
  createData(path, small)
  const ours = await starts(plan.rounds, () =>
    startOurs(folder.path, `file:${path}`, plan.model.url, plan.program),
  )
  const limit = await starts(plan.rounds, () => startLimit(folder.path, path))
  return [
    { what: 'Start to first answer', ours: `${ours.ms} ms (limit: ${limit.ms} ms)`, reach: '< 400 ms' },
    {
      what: 'Memory at rest',
      ours: `${ours.megabytes} MB (limit: ${limit.megabytes} MB)`,
      reach: '< 110 MB',
    },
  ]
}

async function starts(rounds: number, start: () => Promise<BenchServer>) {
  const times: number[] = []
  const sizes: number[] = []
  for (let round = 0; round < rounds; round++) {
    await using server = await start()
    times.push(server.startMs)
    await Bun.sleep(500)
    sizes.push(server.megabytes())
  }
  return { ms: Math.round(median(times)), megabytes: Math.round(median(sizes)) }
}
