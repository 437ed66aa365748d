import { diskFolder } from '../tests/support/folder.ts'
import type { Model } from '../tests/support/model.ts'
import { addAnswerable, answerEach, takeAnswersBack } from './answering.ts'
import { compare, type Result, type Side } from './comparison.ts'
import { createData, fillPool, large, small } from './data.ts'
import { claims, freshToken, histories, manyUsers, newUsers, sameToken } from './requests.ts'
import { type BenchServer, startBaseline, startServer } from './servers.ts'
import { assertSameAnswers } from './shape.ts'
import { record } from './wrk.ts'

/** `wants`: whether the command line selects a row. */
export type Plan = {
  rounds: number
  model: Model
  wants: (name: string) => boolean
}

type Report = (result: Result) => void

/** More challenges than a server assigns in a second. */
const poolSize = 40_000

/** Compares the server with the baseline, each on a small SQLite file of its own. */
export async function againstBaseline(plan: Plan, report: Report) {
  const { wants } = plan
  if (!['quota', 'fresh', 'history', 'answer', 'claim', 'webhook'].some(wants)) return
  using folder = diskFolder()
  const files = { first: `${folder.path}/first.db`, second: `${folder.path}/second.db` }
  for (const path of Object.values(files)) {
    createData(path, small)
    if (wants('answer')) addAnswerable(path)
  }
  await using first = await startServer({
    log: `${folder.path}/server.log`,
    database: `file:${files.first}`,
    modelUrl: plan.model.url,
  })
  await using second = await startBaseline(folder.path, files.second)
  const run = createComparer(plan, folder.path, { first, second }, report)

  if (wants('quota'))
    await run({ work: '`GET /api/quota`, the same token', requests: await sameToken(), target: 0.75 })
  if (wants('fresh'))
    await run({ work: '`GET /api/quota`, a fresh token each', requests: await freshToken(), target: 0.8 })
  // Claims would add challenges to the histories, to one side more than to the other.
  if (wants('history'))
    await run({ work: '`GET /api/my-history`, 100 rows', requests: await histories(), target: 0.85 })
  if (wants('answer'))
    await run({
      work: '`POST /api/challenges/{id}/answer`',
      requests: await answerEach(),
      once: true,
      prepare: (side) => takeAnswersBack(files[side]),
      target: 1.5,
    })
  if (wants('claim')) await run(fromPool(files, 2))
  if (wants('webhook'))
    await run({ work: '`POST /webhooks/clerk`, new users', requests: newUsers, once: true, target: 0.6 })
}

/** Compares the server on a large file with the server on a small file. */
export async function againstSmall(plan: Plan, report: Report) {
  if (!plan.wants('large')) return
  using folder = diskFolder()
  const files = { first: `${folder.path}/large.db`, second: `${folder.path}/small.db` }
  createData(files.first, large)
  createData(files.second, small)
  const begin = (side: Side) =>
    startServer({
      log: `${folder.path}/server.log`,
      database: `file:${files[side]}`,
      modelUrl: plan.model.url,
    })
  await using first = await begin('first')
  await using second = await begin('second')
  const run = createComparer(plan, folder.path, { first, second }, report)
  await run({ work: '`GET /api/quota`, a thousand users', requests: await manyUsers(), target: 0.9 })
  await run({ work: '`GET /api/my-history`, 100 rows', requests: await histories(), target: 0.9 })
  await run(fromPool(files, 0.9))
}

const fromPool = (files: Sides<string>, target: number): Work => ({
  work: '`POST /api/generate-challenge`, from the pool',
  requests: () => claims(),
  prepare: (side) => fillPool(files[side], poolSize),
  target,
})

type Work = {
  work: string
  requests: string[] | (() => string[] | Promise<string[]>)
  /** Whether each request may be sent only once in a load. */
  once?: boolean
  /** Runs before each load of a server. */
  prepare?: (side: Side) => unknown
  target: number
}
type Sides<T> = Record<Side, T>

/** Compares two servers of one database engine whose answers must have the same members. */
export function createComparer(
  { rounds, model }: Plan,
  folder: string,
  servers: Sides<BenchServer>,
  report: Report,
) {
  const path = `${folder}/requests`
  return async ({ work, requests, once = false, prepare = () => undefined, target }: Work) => {
    const create = async () => (typeof requests === 'function' ? requests() : requests)
    const [sample = ''] = await create()
    for (const side of ['first', 'second'] as const) await prepare(side)
    await assertSameAnswers(work, Object.values(servers), sample)
    const recording = once
      ? async () => record(path, await create(), once)
      : await record(path, await create())
    const calls = model.requests.length
    report(await compare({ work, ...servers, recording, prepare, target }, rounds))
    if (model.requests.length > calls) throw new Error(`${work}: the server called the model.`)
  }
}
