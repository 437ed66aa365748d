import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { SQL } from 'bun'
import { openStore } from '../../src/store/open.ts'
import { until } from '../support/async.ts'
import { policy } from '../support/contract.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startModel } from '../support/model.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { startProcess, startProcesses } from '../support/process.ts'
import { environment, modelVariables, startServer } from '../support/server.ts'
import { answerAll, key, share } from '../support/shared-question.ts'
import { solveAs } from '../support/suspected.ts'

setDefaultTimeout(60_000)

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(async () => postgres[Symbol.asyncDispose]())

type Row = { state: string; until: number }

/** The longest time of a second look is three times as long. */
const budgetMs = 20_000

/** A database with one suspected question, whose key is the option `\c`, and no server. */
async function prepare(engine: 'SQLite' | 'PostgreSQL') {
  const folder = temporaryFolder()
  const model = startModel()
  const path = join(folder.path, 'shared.db')
  const url = engine === 'SQLite' ? `file:${path}` : await postgres.createDatabase()
  const database =
    engine === 'SQLite' ? { engine: 'sqlite' as const, path } : { engine: 'postgres' as const, url }
  const store = await openStore({ ...database, connections: 2, timeoutMs: 5000 }, policy)
  const learners = await share(store, 15)
  await answerAll(store, learners, [...Array(12).fill(0), ...Array(3).fill(key)])
  await store.close()
  const query = 'SELECT state, look_until AS until FROM questions'
  const readRow = async () => {
    if (engine === 'SQLite') {
      using file = new Database(path)
      return file.query(query).get() as Row
    }
    const client = new SQL(url, { max: 1 })
    const [row] = await client.unsafe(query)
    await client.close()
    return { ...row, until: Number(row.until) } as Row
  }
  const variables = { DATABASE_URL: url, GENERATION_TIMEOUT_MS: String(budgetMs), ...modelVariables(model) }
  return {
    ...{ model, readRow, variables },
    process: { cwd: folder.path, env: environment(variables) },
    async [Symbol.asyncDispose]() {
      await model[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    },
  }
}

test.each(['SQLite', 'PostgreSQL'] as const)(
  'of two processes on %s one takes the second look',
  async (engine) => {
    await using prepared = await prepare(engine)
    const { model } = prepared
    const gate = Promise.withResolvers<void>()
    model.review = () => gate.promise.then(() => ({ reason: 'Solved.', answer: '\\c' }))
    await using servers = await startProcesses(2, prepared.process)
    await until(() => model.calls('review') > 0, 'a second look has begun')
    for (const server of servers.all) expect((await server.fetch('/ready')).status).toBe(200)

    gate.resolve()

    await until(async () => (await prepared.readRow()).state === 'circulating', 'the question is cleared')
    expect(model.calls('review')).toBe(3)
    const countCleared = () =>
      servers.all.flatMap((server) => server.log().filter(({ msg }) => msg.includes('cleared'))).length
    await until(() => countCleared() === 1, 'one process logs the outcome')
  },
)

test.each(['SQLite', 'PostgreSQL'] as const)(
  'a second look on %s that SIGKILL ends is taken up after its time',
  async (engine) => {
    await using prepared = await prepare(engine)
    const { model } = prepared
    model.review = () => new Promise(() => undefined)
    await using killed = await startProcess(prepared.process)
    await until(() => model.calls('review') === 1, 'the second look has begun')
    killed.kill('SIGKILL')
    await killed.ended
    solveAs(model, 'a')
    const { until: end } = await prepared.readRow()
    const clock = { now: end - 1 }
    let looks = 0
    const now = () => {
      looks++
      return clock.now
    }
    const timings = { lookIntervalMs: 10 }
    await using _ = await startServer({ env: prepared.variables, timings, now })

    await until(() => looks > 3, 'the next server looks for suspected questions')
    expect(model.calls('review')).toBe(1)
    clock.now = end
    await until(async () => (await prepared.readRow()).state === 'retired', 'the question is retired')
  },
)
