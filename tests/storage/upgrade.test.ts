import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { SQL } from 'bun'
import { createQuotaPolicy } from '../../src/quota.ts'
import { openStore } from '../../src/store/open.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { oldChallenge, writeOldPostgres, writeOldSqlite } from '../support/version-1.ts'

setDefaultTimeout(60_000)

const policy = createQuotaPolicy({ initial: 50, daily: 10 })
const bank = { source: 'bank', fingerprint: null, bank_id: 'entry', title: 'Bank?', explanation: 'Bank.' }

/** Every kind of row that version 1.0.0 writes. */
const rows = [
  oldChallenge(1, { idempotency_key: 'key' }),
  oldChallenge(2, { created_by: 'user_2', difficulty: 'hard' }),
  oldChallenge(3, { created_by: null }),
  // Three hand-overs of one question of the bank, two of them with the same order of options.
  oldChallenge(4, { ...bank, correct_answer_id: 0 }),
  oldChallenge(5, { ...bank, correct_answer_id: 0, created_by: 'user_2' }),
  oldChallenge(6, { ...bank, correct_answer_id: 3, options: '["d","b","c","a"]' }),
  // Imported rows: the second repeats the first, the third has another user.
  oldChallenge(7, { title: 'Canned?', import_key: 'original 7' }),
  oldChallenge(8, { title: 'Canned?', correct_answer_id: 3, fingerprint: null, import_key: 'original 8' }),
  oldChallenge(9, { title: 'Canned?', correct_answer_id: 3, fingerprint: null, created_by: 'user_2' }),
  oldChallenge(10, { created_by: null, import_key: 'migrated 10', difficulty: 'medium' }),
]
const lastId = 40
const owned = rows.filter(({ created_by }) => created_by !== null)

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(async () => postgres[Symbol.asyncDispose]())

const options = { connections: 2, timeoutMs: 5000 }
const engines = {
  async SQLite() {
    const folder = temporaryFolder()
    const path = join(folder.path, 'old.db')
    writeOldSqlite(path, rows, lastId)
    return {
      open: () => openStore({ ...options, engine: 'sqlite', path }, policy),
      query: async (sql: string) => {
        using file = new Database(path)
        return file.query(sql).all() as Record<string, unknown>[]
      },
      close: async () => folder[Symbol.dispose](),
    }
  },
  async PostgreSQL() {
    const url = await postgres.createDatabase()
    await writeOldPostgres(url, rows, lastId)
    const client = new SQL(url, { max: 1 })
    return {
      open: () => openStore({ ...options, engine: 'postgres', url }, policy),
      query: async (sql: string) => [...(await client.unsafe(sql))] as Record<string, unknown>[],
      close: () => client.close(),
    }
  },
}

describe.each(Object.entries(engines))('a database of version 1.0.0 in %s', (_, prepare) => {
  let engine: Awaited<ReturnType<typeof prepare>>
  let before: { challenges: Record<string, unknown>[]; quotas: Record<string, unknown>[] }
  let store: Awaited<ReturnType<typeof openStore>>
  const columns =
    'id, difficulty, date_created, created_by, title, options, correct_answer_id, explanation, source'

  beforeAll(async () => {
    engine = await prepare()
    before = {
      challenges: await engine.query(
        `SELECT ${columns} FROM challenges WHERE created_by IS NOT NULL ORDER BY id`,
      ),
      quotas: await engine.query('SELECT * FROM challenge_quotas ORDER BY id'),
    }
    store = await engine.open()
  })
  afterAll(async () => {
    await store.close()
    await engine.close()
  })

  test('keeps every challenge with its id, date, owner, text and order of options, and every quota', async () => {
    expect(await engine.query(`SELECT ${columns} FROM challenges ORDER BY id`)).toEqual(before.challenges)
    expect(await engine.query('SELECT * FROM challenge_quotas ORDER BY id')).toEqual(before.quotas)
    const history = await store.history({ userId: 'user_1', limit: 100 })
    expect(history.map(({ id }) => id)).toEqual([8, 7, 6, 4, 1])
  })

  test('stores each question once, with its fingerprint, bank entry and import key', async () => {
    const ids = await engine.query('SELECT id, question_id FROM assignments ORDER BY id')
    const questionOf = new Map(ids.map(({ id, question_id }) => [Number(id), Number(question_id)]))
    expect(Object.fromEntries(questionOf)).toEqual({ 1: 1, 2: 2, 4: 4, 5: 4, 6: 6, 7: 7, 8: 8, 9: 8 })
    const questions = await engine.query(
      'SELECT id, fingerprint, bank_id, import_key FROM questions ORDER BY id',
    )
    expect(questions.map(({ id }) => Number(id))).toEqual([1, 2, 3, 4, 6, 7, 8, 10])
    for (const { id, fingerprint, bank_id, import_key } of questions) {
      const old = rows.find((row) => row.id === Number(id))
      expect([fingerprint, bank_id]).toEqual([old?.fingerprint ?? null, old?.bank_id ?? null])
      const ofPool = old?.created_by === null ? old.import_key : null
      // An imported question is marked, so that it stays out of the libraries.
      expect(import_key).toBe(old?.import_key?.startsWith('original ') ? old.import_key : ofPool)
    }
    const keys = await engine.query('SELECT id, idempotency_key, import_key FROM assignments ORDER BY id')
    expect(keys.map((row) => ({ ...row, id: Number(row.id) }))).toEqual(
      owned.map(({ id, idempotency_key, import_key }) => ({ id, idempotency_key, import_key })),
    )
  })

  test('hands over its pool, answers its idempotency keys, and knows which questions of the bank a user has had', async () => {
    const claim = { userId: 'user_1', difficulty: 'easy' as const, now: 1_000_001 }
    const replay = await store.claim({ ...claim, idempotencyKey: 'key', supply: { from: 'pool' } })
    expect(replay).toMatchObject({ outcome: 'claimed', supply: undefined, challenge: { id: 1 } })

    const pooled = await store.claim({ ...claim, supply: { from: 'pool' } })
    expect(pooled).toMatchObject({ challenge: { title: rows[2]?.title }, charged: true })
    // A new id is greater than every id that version 1.0.0 assigned.
    expect(pooled).toMatchObject({ challenge: { id: lastId + 1 } })
    expect(await store.countReady()).toEqual([{ difficulty: 'medium', topic: null, count: 1 }])

    const entry = {
      ...{
        difficulty: 'easy' as const,
        topic: null,
        language: null,
        optionNotes: null,
        source: 'bank' as const,
      },
      ...{ title: 'Bank?', options: ['a', 'b', 'c', 'd'], correctAnswerId: 0, explanation: 'Bank.' },
      ...{ fingerprint: 'bank entry', bankId: 'entry' },
    }
    const supply = { from: 'bank' as const, questions: [entry], repeats: false, free: true }
    expect((await store.claim({ ...claim, supply })).outcome).toBe('all_seen')
  })

  test('is not changed by a second start', async () => {
    const again = await engine.open()
    expect((await again.history({ userId: 'user_2', limit: 10 })).map(({ id }) => id)).toEqual([9, 5, 2])
    await again.close()
  })
})
