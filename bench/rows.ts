import { temporaryFolder } from '../tests/support/folder.ts'
import type { Model } from '../tests/support/model.ts'
import { compare, type Result, type Side } from './comparison.ts'
import { createData, fillPool, large, small } from './data.ts'
import { claims, freshToken, histories, manyUsers, newUsers, sameToken } from './requests.ts'
import { type BenchServer, startBaseline, startServer } from './servers.ts'
import { record } from './wrk.ts'

/** `wants`: whether the command line selects a row. */
export type Plan = {
  rounds: number
  model: Model
  wants: (name: string) => boolean
}

/** More challenges than a server assigns in a second. */
const poolSize = 40_000

/** Compares the server with the baseline, each on a small SQLite file of its own. */
export async function againstBaseline(plan: Plan, report: (result: Result) => void) {
  const { wants } = plan
  if (!['quota', 'fresh', 'claim', 'history', 'webhook'].some(wants)) return
  using folder = temporaryFolder()
  const files = { first: `${folder.path}/first.db`, second: `${folder.path}/second.db` }
  for (const path of Object.values(files)) createData(path, small)
  await using first = await startServer({
    log: `${folder.path}/server.log`,
    database: `file:${files.first}`,
    modelUrl: plan.model.url,
  })
  await using second = await startBaseline(folder.path, files.second)
  const run = comparer(plan, folder.path, { first, second }, files, report)

  if (wants('quota'))
    await run({ work: '`GET /api/quota`, the same token', requests: await sameToken(), target: 0.65 })
  if (wants('fresh'))
    await run({ work: '`GET /api/quota`, a fresh token each', requests: await freshToken(), target: 0.6 })
  if (wants('claim'))
    await run({
      work: '`POST /api/generate-challenge`, from the pool',
      requests: await claims(),
      pool: true,
      target: 0.9,
    })
  if (wants('history'))
    await run({ work: '`GET /api/my-history`, 100 rows', requests: await histories(), target: 0.85 })
  if (wants('webhook')) {
    await run({ work: '`POST /webhooks/clerk`, new users', requests: newUsers, target: 0.6 })
  }
}

/** Compares the server on a large file with the server on a small file. */
export async function againstSmall(plan: Plan, report: (result: Result) => void) {
  if (!plan.wants('large')) return
  using folder = temporaryFolder()
  const files = { first: `${folder.path}/large.db`, second: `${folder.path}/small.db` }
  createData(files.first, large)
  createData(files.second, small)
  await using first = await startServer({
    log: `${folder.path}/server.log`,
    database: `file:${files.first}`,
    modelUrl: plan.model.url,
  })
  await using second = await startServer({
    log: `${folder.path}/server.log`,
    database: `file:${files.second}`,
    modelUrl: plan.model.url,
  })
  const run = comparer(plan, folder.path, { first, second }, files, report)
  await run({ work: '`GET /api/quota`, a thousand users', requests: await manyUsers(), target: 0.9 })
  await run({ work: '`POST /api/generate-challenge`', requests: await claims(), pool: true, target: 0.9 })
  await run({ work: '`GET /api/my-history`, 100 rows', requests: await histories(), target: 0.9 })
}

type Work = { work: string; requests: string[] | (() => string[]); target: number; pool?: boolean }
type Sides<T> = Record<Side, T>

function comparer(
  { rounds }: Plan,
  folder: string,
  servers: Sides<BenchServer>,
  files: Sides<string>,
  report: (result: Result) => void,
) {
  return async ({ work, requests, target, pool = false }: Work) => {
    const path = `${folder}/requests`
    const recording =
      typeof requests === 'function' ? () => record(path, requests()) : await record(path, requests)
    const prepare = (side: Side) => pool && fillPool(files[side], poolSize)
    report(await compare({ work, ...servers, recording, prepare, target }, rounds))
  }
}
