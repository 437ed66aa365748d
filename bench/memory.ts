import { Database } from 'bun:sqlite'
import { diskFolder } from '../tests/support/folder.ts'
import { writeManyOldSqlite } from '../tests/support/version-1-rows.ts'
import type { Side } from './comparison.ts'
import { activeUsers, createData, fillPool, readers, small } from './data.ts'
import { mixed } from './requests.ts'
import type { Plan } from './rows.ts'
import { type BenchServer, startServer } from './servers.ts'
import type { Fact } from './tables.ts'
import { load, record } from './wrk.ts'

const requests = 50_000
const what = `Memory at its peak, after ${requests} requests (quotas, histories, claims from the pool)`
/** A tenth of the requests are claims. The last load may exceed the number of requests. */
const poolSize = 7500

/** Returns the most memory that the server holds until `end`, in megabytes. */
export async function peakUntil(end: Promise<unknown>, server: BenchServer): Promise<number> {
  let over = false
  const finish = () => {
    over = true
  }
  end.then(finish, finish)
  let peak = 0
  while (!over) {
    peak = Math.max(peak, server.megabytes())
    await Bun.sleep(50)
  }
  await end
  return peak
}

/** Measures memory under load. */
export async function measureMemory(plan: Plan): Promise<Fact[]> {
  if (!plan.wants('memory')) return []
  using folder = diskFolder()
  const path = `${folder.path}/memory.db`
  createData(path, small)
  fillPool(path, poolSize)
  await using server = await startServer({
    log: `${folder.path}/server.log`,
    database: `file:${path}`,
    modelUrl: plan.model.url,
  })
  const peak = await loadMixed(folder.path, server, await mixed(activeUsers, readers))
  return [{ what, measured: `${peak.toFixed(0)} MB`, target: '≤ 120 MB' }]
}

/** Compares the memory of two checkouts under load, each on a database that version 1.0.0 wrote. */
export async function compareMemory(plan: Plan, commands: Record<Side, string[]>): Promise<Fact[]> {
  if (!plan.wants('memory')) return []
  using folder = diskFolder()
  const peaks = { first: 0, second: 0 }
  for (const side of ['first', 'second'] as const) {
    const path = `${folder.path}/${side}.db`
    createOld(path)
    const options = {
      log: `${folder.path}/${side}.log`,
      database: `file:${path}`,
      modelUrl: plan.model.url,
      command: commands[side],
    }
    // The first start may upgrade the database, which takes memory of its own.
    await (await startServer(options))[Symbol.asyncDispose]()
    await using server = await startServer(options)
    peaks[side] = await loadMixed(folder.path, server, await mixed(oldUsers, oldUsers))
  }
  const target = `${peaks.second.toFixed(0)} MB (the other checkout)`
  return [{ what, measured: `${peaks.first.toFixed(0)} MB`, target }]
}

/** Users of the database that version 1.0.0 wrote. They have about a hundred challenges each. */
const oldUsers = Array.from({ length: 1000 }, (_, n) => `user_2${n}`)

/** Writes a database of version 1.0.0. A twentieth of its challenges is in the pool. */
function createOld(path: string) {
  writeManyOldSqlite(path, 20 * poolSize)
  using file = new Database(path)
  file.run(`UPDATE challenges SET difficulty = 'easy' WHERE created_by IS NULL`)
}

async function loadMixed(folder: string, server: BenchServer, messages: string[]): Promise<number> {
  const recording = await record(`${folder}/requests`, messages)
  return peakUntil(loadUntil(requests, server, recording), server)
}

async function loadUntil(count: number, { url }: BenchServer, recording: Awaited<ReturnType<typeof record>>) {
  for (let sent = 0; sent < count; ) sent += (await load(url, recording, sent)).requests
}
