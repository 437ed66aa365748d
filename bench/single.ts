import { join } from 'node:path'
import { sessionToken } from '../tests/support/clerk.ts'
import { temporaryFolder } from '../tests/support/folder.ts'
import { goodChallenge } from '../tests/support/model.ts'
import { median } from './comparison.ts'
import { activeUsers, createData, small } from './data.ts'
import type { Plan } from './rows.ts'
import { type BenchServer, startBaseline, startServer } from './servers.ts'

export type Fact = { what: string; measured: string; target: string }

const modelMs = 2000

/** Measures a thousand concurrent generations by a model that takes two seconds. */
export async function measureInFlight(plan: Plan): Promise<Fact[]> {
  if (!plan.wants('flight')) return []
  using folder = temporaryFolder()
  await using server = await startServer({
    log: `${folder.path}/server.log`,
    database: `file:${folder.path}/first.db`,
    modelUrl: plan.model.url,
  })
  const tokens = await Promise.all(activeUsers.map((user) => sessionToken(user)))
  await Bun.write(`${folder.path}/tokens`, tokens.join('\n'))
  plan.model.author = async () => {
    await Bun.sleep(modelMs)
    return goodChallenge()
  }

  const before = server.megabytes()
  const crowd = Bun.spawn(
    [process.execPath, join(import.meta.dir, 'crowd.ts'), server.url, `${folder.path}/tokens`],
    {
      env: { PATH: process.env.PATH, BUN_CONFIG_MAX_HTTP_REQUESTS: '2000' },
      stderr: 'inherit',
    },
  )
  const peak = await peakUntil(crowd.exited, server)
  const { milliseconds, generated } = JSON.parse(await new Response(crowd.stdout).text()) as {
    milliseconds: number
    generated: number
  }
  const what = `${activeUsers.length} generations in flight at a ${modelMs / 1000} s model`
  return [
    { what: `${what}: generated`, measured: String(generated), target: String(activeUsers.length) },
    {
      what: `${what}: time until all are answered`,
      measured: `${(milliseconds / modelMs).toFixed(2)} × the model’s`,
      target: '1.5 ×',
    },
    {
      what: `${what}: growth of memory at its peak`,
      measured: `${(peak - before).toFixed(0)} MB`,
      target: '< 100 MB',
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

/** Measures the time of a start and the memory of the idle process. */
export async function measureStarts(plan: Plan): Promise<Fact[]> {
  if (!plan.wants('start')) return []
  using folder = temporaryFolder()
  const path = `${folder.path}/bench.db`
  createData(path, small)
  const server = await repeatStarts(plan.rounds, () =>
    startServer({ log: `${folder.path}/server.log`, database: `file:${path}`, modelUrl: plan.model.url }),
  )
  const baseline = await repeatStarts(plan.rounds, () => startBaseline(folder.path, path))
  return [
    {
      what: 'Start to first answer',
      measured: `${server.ms} ms (baseline: ${baseline.ms} ms)`,
      target: 'half of 1.0.0’s',
    },
    {
      what: 'Memory at rest',
      measured: `${server.megabytes} MB (baseline: ${baseline.megabytes} MB)`,
      target: '≤ 80 MB',
    },
  ]
}

async function repeatStarts(rounds: number, start: () => Promise<BenchServer>) {
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
