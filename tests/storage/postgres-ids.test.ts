import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { SQL } from 'bun'
import type { ImportedQuestion } from '../../src/store/imported.ts'
import { createPostgresStore } from '../../src/store/postgres/store.ts'
import { noon } from '../support/clock.ts'
import { claimOf, policy, question } from '../support/contract.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'

setDefaultTimeout(60_000)

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres[Symbol.asyncDispose]())

const toImported = (id: number): ImportedQuestion => ({
  ...question(),
  id,
  key: `question ${id}`,
  state: 'circulating',
  dateCreated: noon,
  answers: [0, 0, 0, 0],
  reports: 0,
})

test('an import replaces characters that PostgreSQL cannot store', async () => {
  const store = await createPostgresStore({
    url: await postgres.createMigrated(),
    ...{ policy, connections: 1, timeoutMs: 20_000 },
  })
  const texts = {
    ...{ title: 'NUL\0?', explanation: 'half \udc00', optionNotes: ['\0', null, '\ud83d\ude00', ''] },
    options: ['\ud800', 'b\0', '\ude00\ud83d', '\ud83d\ude00'],
  }

  await store.importRows({ questions: [{ ...toImported(1), ...texts }], assignments: [], quotas: [] })

  expect(await store.findQuestion(1)).toMatchObject({
    ...{ title: 'NUL\ufffd?', explanation: 'half \ufffd', optionNotes: ['\ufffd', null, '\ud83d\ude00', ''] },
    options: ['\ufffd', 'b\ufffd', '\ufffd\ufffd', '\ud83d\ude00'],
  })
  await store.close()
})

test('a server that runs during an import takes no id of an imported row', async () => {
  const url = await postgres.createDatabase()
  const open = () => createPostgresStore({ url, policy, connections: 4, timeoutMs: 20_000 })
  const [importer, server] = [await open(), await open()]
  let isImporting = true
  const outcomes = new Set<string>()
  const serve = async (userId: string) => {
    for (let n = 0; isImporting; n++) {
      const supply = { from: 'model' as const, question: question() }
      outcomes.add((await server.claim(claimOf(`${userId} ${n}`, { supply }))).outcome)
    }
  }

  const serving = Promise.all(['one', 'two', 'three'].map(serve))
  for (let first = 1; first < 2000; first += 500) {
    const questions = Array.from({ length: 500 }, (_, n) => toImported(first + n))
    const counts = await importer.importRows({ questions, assignments: [], quotas: [] })
    expect(counts.questions).toBe(500)
  }
  isImporting = false
  await serving

  // A conflict with an id would look like a question that is stored already.
  expect([...outcomes]).toEqual(['claimed'])
  await importer.close()
  await server.close()
})

test('a claim of a question of the bank that is stored uses up no id', async () => {
  const url = await postgres.createDatabase()
  const store = await createPostgresStore({ url, policy, connections: 2, timeoutMs: 5000 })
  const questions = [question({ source: 'bank', bankId: 'entry' })]
  for (let n = 0; n < 5; n++) {
    const supply = { from: 'bank' as const, questions, repeats: false, free: true }
    expect((await store.claim(claimOf(`user_${n}`, { supply }))).outcome).toBe('claimed')
  }
  await using client = new SQL(url, { max: 1 })
  const [sequence] = await client`SELECT last_value::int AS last FROM questions_id_seq`
  expect(sequence.last).toBe(1)
  await store.close()
})
