import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { questions as questionsCommand } from '../../src/commands/questions.ts'
import { transfer } from '../../src/commands/transfer.ts'
import { openStore } from '../../src/store/open.ts'
import { runHere } from '../support/command.ts'
import { policy } from '../support/contract.ts'
import { temporaryFolder } from '../support/folder.ts'
import { drawAll, enrich } from '../support/library.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { oldChallenge, writeOldPostgres, writeOldSqlite } from '../support/version-1.ts'

setDefaultTimeout(60_000)

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(async () => postgres[Symbol.asyncDispose]())

const options = { connections: 2, timeoutMs: 5000 }

const unsaid = { fingerprint: null }
const damagedRows = [
  oldChallenge(1),
  oldChallenge(2, { options: 'none' }),
  oldChallenge(3, { options: '["a","b","c"]', ...unsaid }),
  oldChallenge(4, { options: '["a","b","c",{"d":1}]', created_by: null }),
  oldChallenge(5, { title: '' }),
  oldChallenge(6, { options: '{"a":1}', ...unsaid }),
  oldChallenge(7),
]

/** Expects that an upgraded database serves the two sound rows of `user_1`, and keeps the others, retired. */
async function expectUpgraded(
  database: { engine: 'sqlite'; path: string } | { engine: 'postgres'; url: string },
) {
  const damaged: number[] = []
  const onDamaged = ({ id }: { id: number }) => void damaged.push(id)
  const store = await openStore({ ...database, ...options, onDamaged }, policy)
  try {
    const history = await store.history({ userId: 'user_1', limit: 2 })
    expect(history.map(({ id }) => id)).toEqual([7, 1])
    expect(damaged).toEqual([6, 5, 3, 2])
    expect(await store.countReady()).toEqual([])
  } finally {
    await store.close()
  }
}

test('an upgrade of SQLite keeps damaged rows, which are left out; a transfer names them and moves the others', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'old.db')
  writeOldSqlite(path, damagedRows, 40)
  {
    using old = new Database(path)
    old.run(`UPDATE challenges SET options = x'00ff', source = x'01' WHERE id = 2`)
    old.run(`UPDATE challenges SET title = x'', correct_answer_id = 1.5 WHERE id = 5`)
  }

  await expectUpgraded({ engine: 'sqlite', path })

  const questions = () => {
    using file = new Database(path)
    return file.query('SELECT id, state FROM questions ORDER BY id').values()
  }
  const states = [1, 2, 3, 4, 5, 6, 7].map((id) => [id, id % 6 === 1 ? 'circulating' : 'retired'])
  expect(questions()).toEqual(states)

  const { failure: kept } = await runHere(questionsCommand, ['keep', '2'], { DATABASE_URL: `file:${path}` })
  expect(kept).toBe('There is no question with the id 2, or it is damaged.')

  {
    using file = new Database(path)
    file.run(`UPDATE challenge_quotas SET quota_remaining = 'many' WHERE user_id = 'user_2'`)
  }
  const env = { DATABASE_URL: `file:${join(folder.path, 'new.db')}` }
  const { stdout, failure } = await runHere(transfer, [path], env)
  expect(failure).toBe('10 rows were not imported; all others were.')
  expect(stdout).toContain('Challenges: 2 read, 2 new, 0 here already.')
  expect(stdout).toContain('Not imported: questions 3: options is damaged.')
  expect(stdout).toContain('Not imported: assignments 3: its question 3 is damaged.')
  expect(stdout).toContain('Not imported: challenge_quotas 9: remaining is damaged.')
})

test('an upgrade of PostgreSQL keeps damaged rows, which are left out', async () => {
  const url = await postgres.createDatabase()
  await writeOldPostgres(url, damagedRows, 40)

  await expectUpgraded({ engine: 'postgres', url })
})

/** By version 1.0.0: the questions of a library are 1, 2 and 5. */
const libraryRows = [
  oldChallenge(1, { title: 'First?' }),
  oldChallenge(2, { title: 'Second?', created_by: 'user_2' }),
  oldChallenge(3, { title: 'In the pool?', created_by: null }),
  oldChallenge(4, { title: 'Bank?', source: 'bank', fingerprint: null, bank_id: 'entry' }),
  oldChallenge(5, { title: 'Hard?', difficulty: 'hard' }),
  oldChallenge(6, { title: 'Imported?', import_key: 'original 6' }),
  oldChallenge(7, { title: 'Imported again?', import_key: 'original 7', fingerprint: null }),
]

const engines = {
  async SQLite() {
    const folder = temporaryFolder()
    const path = join(folder.path, 'old.db')
    writeOldSqlite(path, libraryRows, 40)
    const store = await openStore({ ...options, engine: 'sqlite', path }, policy)
    return { store, remove: () => folder[Symbol.dispose]() }
  },
  async PostgreSQL() {
    const url = await postgres.createDatabase()
    await writeOldPostgres(url, libraryRows, 40)
    return {
      store: await openStore({ ...options, engine: 'postgres', url }, policy),
      remove: () => undefined,
    }
  },
}

describe.each(Object.entries(engines))('a database of version 1.0.0 in %s', (_, prepare) => {
  test('has a library of the questions by the model that were handed over, without imports', async () => {
    const { store, remove } = await prepare()
    await enrich(store, 'newcomer')
    await enrich(store, 'user_1')

    const counts = (await store.countLibraries()).toSorted((a, b) => a.count - b.count)
    expect(counts).toEqual([
      { difficulty: 'hard', topic: null, count: 1 },
      { difficulty: 'easy', topic: null, count: 2 },
    ])
    expect((await drawAll(store, 'newcomer', {})).toSorted()).toEqual(['First?', 'Second?'])
    expect(await drawAll(store, 'newcomer', { difficulty: 'hard' })).toEqual(['Hard?'])
    expect(await drawAll(store, 'user_1', {})).toEqual(['Second?'])
    await store.close()
    remove()
  })
})
