import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { parallel } from '../support/async.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startModel } from '../support/model.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { startTwoOn } from '../support/postgres-processes.ts'
import { type ServerProcess, startProcesses } from '../support/process.ts'
import { environment, modelVariables } from '../support/server.ts'

setDefaultTimeout(60_000)

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(async () => postgres[Symbol.asyncDispose]())

type Two = {
  each: (n: number) => ServerProcess
  rows: (sql: string) => Promise<unknown[]>
  [Symbol.asyncDispose]: () => Promise<void>
}

async function startTwoOnFile(): Promise<Two> {
  const folder = temporaryFolder()
  const model = startModel()
  const path = join(folder.path, 'challenges.db')
  const env = environment({ DATABASE_URL: `file:${path}`, ...modelVariables(model) })
  const servers = await startProcesses(2, { cwd: folder.path, env })
  return {
    each: servers.each,
    async rows(sql) {
      using database = new Database(path)
      return database.query(sql).all()
    },
    async [Symbol.asyncDispose]() {
      await servers[Symbol.asyncDispose]()
      await model[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    },
  }
}

const engines: [string, () => Promise<Two>][] = [
  ['SQLite', startTwoOnFile],
  ['PostgreSQL', () => startTwoOn(postgres)],
]

const counters = 'answers_0 + answers_1 + answers_2 + answers_3 AS answers, answers_2, reports'
const ofCrowd = `created_by LIKE 'crowd_%'`

describe.each(engines)('two processes on %s', (_, start) => {
  let two: Two
  beforeAll(async () => {
    two = await start()
  })
  afterAll(async () => two[Symbol.asyncDispose]())

  /** The counters of the questions of the assignments that meet the condition. */
  const count = (condition: string) =>
    two.rows(
      `SELECT ${counters} FROM questions WHERE id IN (SELECT question_id FROM assignments WHERE ${condition})`,
    )

  test('of forty parallel answers one counts', async () => {
    const { id } = (await two.each(0).generate('one')).body

    const answers = await parallel(40, (n) => two.each(n).answer('one', id, (n >> 1) % 4))

    const given = answers.filter(({ status }) => status === 200).map(({ body }) => JSON.stringify(body))
    expect([given.length, new Set(given).size]).toEqual([10, 1])
    const counted = answers.find(({ status }) => status === 200)?.body.answer_id
    for (const { problem } of answers)
      if (problem) expect([problem.status, problem.answer_id]).toEqual([409, counted])
    for (const n of [0, 1]) {
      expect((await two.each(n).challenge('one', id)).body.answer?.answer_id).toBe(counted)
      expect((await two.each(n).progress('one')).body.answered).toBe(1)
    }
    expect(await count(`created_by = 'one'`)).toMatchObject([{ answers: 1, reports: 0 }])
  })

  test('many learners answer and report in parallel, and each counts once', async () => {
    const given = await parallel(10, (n) => two.each(n).generate(`crowd_${n}`))
    // One question for all of them, so that its counters are contended.
    await two.rows(
      `UPDATE assignments SET question_id = (SELECT min(question_id) FROM assignments WHERE ${ofCrowd})
        WHERE ${ofCrowd} RETURNING id`,
    )

    const statuses = await parallel(80, async (n) => {
      const user = n % 10
      const id = given[user]?.body.id ?? 0
      const server = two.each(n >> 2)
      const answer = n % 2 ? server.answer(`crowd_${user}`, id, 2) : undefined
      return (await (answer ?? server.report(`crowd_${user}`, id, { reason: 'other', comment: `${n}` })))
        .status
    })

    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(await count(ofCrowd)).toEqual([{ answers: 5, answers_2: 5, reports: 5 }])
  })
})
