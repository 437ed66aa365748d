import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { diskFolder } from '../tests/support/folder.ts'
import { startPostgres } from '../tests/support/postgres.ts'
import { alternate, compare, type Result, type Side } from './comparison.ts'
import { readers } from './data.ts'
import { createPoolClaims, poolSize } from './pool-claims.ts'
import { freshToken, histories, manyUsers, newUsers, sameToken } from './requests.ts'
import type { Plan } from './rows.ts'
import { type BenchServer, startServer, toCommand } from './servers.ts'
import { record } from './wrk.ts'

type Commands = Record<Side, string[]>
type Report = (result: Result) => void

const program = 'src/main.ts'

/**
 * Compares this checkout (`first`) with another one (`second`), alternately within one run. Each runs its own code on an
 * empty database, which is filled over HTTP only, because the schemas may differ.
 */
export async function compareCheckouts(plan: Plan, commands: Commands, report: Report) {
  if (['quota', 'fresh', 'claim', 'history', 'webhook'].some(plan.wants)) {
    using place = diskFolder()
    const database = (side: Side) => `file:${place.path}/${side}.db`
    await using servers = await startBoth(plan, commands, place.path, database)
    await compareOnSqlite(plan, servers, place.path, report)
  }
  if (plan.wants('postgres')) {
    using place = diskFolder()
    await using postgres = await startPostgres({ durable: true })
    const databases = { first: await postgres.createDatabase(), second: await postgres.createDatabase() }
    await using servers = await startBoth(plan, commands, place.path, (side) => databases[side])
    const path = `${place.path}/requests`
    const recording = await record(path, await manyUsers())
    report(await compare({ ...servers, work: '`GET /api/quota`, PostgreSQL', recording }, plan.rounds))
    report(await compareClaims(plan, servers, 'PostgreSQL'))
    report(await compareHistories(plan, servers, path, 'PostgreSQL'))
  }
}

type Servers = Record<Side, BenchServer>

async function compareOnSqlite(plan: Plan, servers: Servers, folder: string, report: Report) {
  const path = `${folder}/requests`
  const row = async (work: string, requests: string[]) =>
    report(await compare({ ...servers, work, recording: await record(path, requests) }, plan.rounds))

  if (plan.wants('quota')) await row('`GET /api/quota`, the same token', await sameToken())
  if (plan.wants('fresh')) await row('`GET /api/quota`, a fresh token each', await freshToken())
  if (plan.wants('claim')) report(await compareClaims(plan, servers, 'SQLite'))
  if (plan.wants('history')) report(await compareHistories(plan, servers, path, 'SQLite'))
  if (plan.wants('webhook')) {
    const recording = () => record(path, newUsers(), true)
    report(await compare({ ...servers, work: '`POST /webhooks/clerk`, new users', recording }, plan.rounds))
  }
}

async function compareClaims({ model, rounds }: Plan, servers: Servers, engine: string): Promise<Result> {
  const claims = await createPoolClaims(model)
  const measured = await alternate((side) => claims.run(servers[side]), { warmUp: 1, rounds })
  return { work: `\`POST /api/generate-challenge\`, from the pool, ${engine}`, ...measured }
}

async function compareHistories(plan: Plan, servers: Servers, path: string, engine: string) {
  const claims = await createPoolClaims(plan.model)
  const users = readers.slice(0, 10)
  await Promise.all([servers.first, servers.second].map((server) => claims.fillHistories(server, users)))
  const recording = await record(path, await histories(users))
  return compare({ ...servers, work: `\`GET /api/my-history\`, 100 rows, ${engine}`, recording }, plan.rounds)
}

/**
 * The roots of this checkout and of the one in `folder`.
 * @throws Error with one sentence if the folder is not a checkout with its dependencies
 */
export function findRoots(folder: string): Record<Side, string> {
  const second = resolve(folder)
  if (!existsSync(join(second, program)))
    throw new Error(`--against must name the folder of a checkout: there is no ${join(second, program)}.`)
  if (!existsSync(join(second, 'node_modules'))) throw new Error(`Run bun install in ${second} first.`)
  return { first: resolve(import.meta.dir, '..'), second }
}

/** The commands that run the servers of two checkouts with Bun. */
export const toCommands = ({ first, second }: Record<Side, string>) => ({
  first: toCommand(join(first, program)),
  second: toCommand(join(second, program)),
})

async function startBoth(
  { model }: Plan,
  commands: Commands,
  folder: string,
  database: (side: Side) => string,
) {
  const begin = (side: Side) =>
    startServer({
      log: join(folder, `${side}.log`),
      database: database(side),
      modelUrl: model.url,
      command: commands[side],
      // A library would answer claims that must come from the pool.
      env: { POOL_SIZE: String(poolSize), LIBRARY_SIZE: '0' },
    })
  const first = await begin('first')
  const second = await begin('second')
  return {
    first,
    second,
    async [Symbol.asyncDispose]() {
      await Promise.all([first[Symbol.asyncDispose](), second[Symbol.asyncDispose]()])
    },
  }
}
