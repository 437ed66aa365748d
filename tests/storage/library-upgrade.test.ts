import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { createPostgresStore } from '../../src/store/postgres/store.ts'
import { createSqliteStore } from '../../src/store/sqlite/store.ts'
import { policy } from '../support/contract.ts'
import { temporaryFolder } from '../support/folder.ts'
import { drawAll, enrich } from '../support/library.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { oldChallenge, writeOldPostgres, writeOldSqlite } from '../support/version-1.ts'

setDefaultTimeout(60_000)

/** By version 1.0.0: the questions of a library are 1, 2 and 5. */
const rows = [
  oldChallenge(1, { title: 'First?' }),
  oldChallenge(2, { title: 'Second?', created_by: 'user_2' }),
  oldChallenge(3, { title: 'In the pool?', created_by: null }),
  oldChallenge(4, { title: 'Bank?', source: 'bank', fingerprint: null, bank_id: 'entry' }),
  oldChallenge(5, { title: 'Hard?', difficulty: 'hard' }),
  oldChallenge(6, { title: 'Imported?', import_key: 'original 6' }),
  oldChallenge(7, { title: 'Imported again?', import_key: 'original 7', fingerprint: null }),
]

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(async () => postgres[Symbol.asyncDispose]())

const engines = {
  async SQLite() {
    const folder = temporaryFolder()
    const path = join(folder.path, 'old.db')
    writeOldSqlite(path, rows, 40)
    return { store: createSqliteStore({ path, policy }), remove: () => folder[Symbol.dispose]() }
  },
  async PostgreSQL() {
    const url = await postgres.createDatabase()
    await writeOldPostgres(url, rows, 40)
    const store = await createPostgresStore({ url, policy, connections: 2, timeoutMs: 5000 })
    return { store, remove: () => undefined }
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
