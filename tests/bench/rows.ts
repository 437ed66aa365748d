import { temporaryFolder } from '../support/folder.ts'
import type { Model } from '../support/model.ts'
import { createData, fillPool, large, small } from './data.ts'
import { duel, type Result } from './duel.ts'
import { claims, freshToken, histories, manyUsers, newUsers, sameToken } from './requests.ts'
import { type BenchServer, startLimit, startOurs } from './servers.ts'
import { record } from './wrk.ts'

/** What the measurements are given. `wants` says whether a row was asked for. */
export type Plan = {
  rounds: number
  model: Model
  program?: string | undefined
  wants: (name: string) => boolean
}

/** More challenges than a second can hand over. */
const poolSize = 40_000

/** Our server against the limit, each on a small SQLite file of its own. */
export async function againstTheLimit(plan: Plan, report: (result: Result) => void) {
  const { wants } = plan
  if (!['quota', 'fresh', 'claim', 'history', 'webhook'].some(wants)) return
  using folder = temporaryFolder()
  const files = { ours: `${folder.path}/ours.db`, limit: `${folder.path}/limit.db` }
  for (const path of Object.values(files)) createData(path, small)
  await using ours = await startOurs(folder.path, `file:${files.ours}`, plan.model.url, plan.program)
  await using limit = await startLimit(folder.path, files.limit)
  const run = contest(plan, folder.path, { ours, limit }, files, report)

  if (wants('quota'))
    await run({ work: '`GET /api/quota`, the same token', requests: await sameToken(), reach: 0.65 })
  if (wants('fresh'))
    await run({ work: '`GET /api/quota`, a fresh token each', requests: await freshToken(), reach: 0.6 })
  if (wants('claim'))
    await run({
      work: '`POST /api/generate-challenge`, from the pool',
      requests: await claims(),
      pool: true,
      reach: 0.9,
    })
  if (wants('history'))
    await run({ work: '`GET /api/my-history`, 100 rows', requests: await histories(), reach: 0.85 })
  if (wants('webhook')) {
    await run({ work: '`POST /webhooks/clerk`, new users', requests: newUsers, reach: 0.6 })
  }
}

/** Our server on a large file against itself on a small one, which stands where the limit does. */
export async function againstSmall(plan: Plan, report: (result: Result) => void) {
  if (!plan.wants('large')) return
  using folder = temporaryFolder()
  const files = { ours: `${folder.path}/large.db`, limit: `${folder.path}/small.db` }
  createData(files.ours, large)
  createData(files.limit, small)
  await using ours = await startOurs(folder.path, `file:${files.ours}`, plan.model.url, plan.program)
  await using limit = await startOurs(folder.path, `file:${files.limit}`, plan.model.url, plan.program)
  const run = contest(plan, folder.path, { ours, limit }, files, report)
  await run({ work: '`GET /api/quota`, a thousand users', requests: await manyUsers(), reach: 0.9 })
  await run({ work: '`POST /api/generate-challenge`', requests: await claims(), pool: true, reach: 0.9 })
  await run({ work: '`GET /api/my-history`, 100 rows', requests: await histories(), reach: 0.9 })
}

type Work = { work: string; requests: string[] | (() => string[]); reach: number; pool?: boolean }
type Sides<T> = { ours: T; limit: T }

function contest(
  { rounds }: Plan,
  folder: string,
  servers: Sides<BenchServer>,
  files: Sides<string>,
  report: (result: Result) => void,
) {
  return async ({ work, requests, reach, pool = false }: Work) => {
    const path = `${folder}/requests`
    const recording =
      typeof requests === 'function' ? () => record(path, requests()) : await record(path, requests)
    const prepare = (side: keyof typeof files) => pool && fillPool(files[side], poolSize)
    report(await duel({ work, ...servers, recording, prepare, reach }, rounds))
  }
}
