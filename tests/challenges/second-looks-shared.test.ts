import { Database } from 'bun:sqlite'
import { expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { openStore } from '../../src/store/open.ts'
import { until } from '../support/async.ts'
import { policy } from '../support/contract.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startModel } from '../support/model.ts'
import { startProcess, startProcesses } from '../support/process.ts'
import { environment, modelVariables, startServer } from '../support/server.ts'
import { answerAll, key, share } from '../support/shared-question.ts'
import { solveAs } from '../support/suspected.ts'

// The store contract proves on each engine that one connection takes a second look, and that another one takes it later.

setDefaultTimeout(60_000)

/** The longest time of a second look is three times as long. */
const budgetMs = 20_000

/** A database with one suspected question, whose key is the option `\c`, and no server. */
async function prepare() {
  const folder = temporaryFolder()
  const model = startModel()
  const path = join(folder.path, 'shared.db')
  const store = await openStore({ engine: 'sqlite', path, connections: 2, timeoutMs: 5000 }, policy)
  const learners = await share(store, 15)
  await answerAll(store, learners, [...Array(12).fill(0), ...Array(3).fill(key)])
  await store.close()
  const budget = { GENERATION_TIMEOUT_MS: String(budgetMs) }
  const variables = { DATABASE_URL: `file:${path}`, ...budget, ...modelVariables(model) }
  return {
    ...{ model, variables },
    readRow() {
      using file = new Database(path)
      return file.query('SELECT state, look_until AS until FROM questions').get() as {
        state: string
        until: number
      }
    },
    process: { cwd: folder.path, env: environment(variables) },
    async [Symbol.asyncDispose]() {
      await model[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    },
  }
}

test('of two processes one takes the second look', async () => {
  await using prepared = await prepare()
  const { model } = prepared
  const gate = Promise.withResolvers<void>()
  model.review = () => gate.promise.then(() => ({ reason: 'Solved.', answer: '\\c' }))
  await using servers = await startProcesses(2, prepared.process)
  await until(() => model.calls('review') > 0, 'a second look has begun')
  for (const server of servers.all) expect((await server.fetch('/ready')).status).toBe(200)

  gate.resolve()

  await until(() => prepared.readRow().state === 'circulating', 'the question is cleared')
  expect(model.calls('review')).toBe(3)
  const countCleared = () =>
    servers.all.flatMap((server) => server.log().filter(({ msg }) => msg.includes('cleared'))).length
  await until(() => countCleared() === 1, 'one process logs the outcome')
})

test('a second look that SIGKILL ends is taken up after its time', async () => {
  await using prepared = await prepare()
  const { model } = prepared
  model.review = () => new Promise(() => undefined)
  await using killed = await startProcess(prepared.process)
  await until(() => model.calls('review') === 1, 'the second look has begun')
  killed.kill('SIGKILL')
  await killed.ended
  solveAs(model, 'a')
  const { until: end } = prepared.readRow()
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
  await until(() => prepared.readRow().state === 'retired', 'the question is retired')
})
