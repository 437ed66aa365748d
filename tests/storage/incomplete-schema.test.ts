import { Database } from 'bun:sqlite'
import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSqliteStore } from '../../src/store/sqlite/store.ts'
import { policy } from '../support/contract.ts'
import { temporaryFolder } from '../support/folder.ts'

test.each([
  ['a table', 'DROP TABLE walks', /^The database .+ lacks walks\.user_id, walks\.library_id, .+: restore it/],
  [
    'a table of the view',
    'DROP TABLE questions',
    / lacks questions\.id, questions\.difficulty, .+: restore it/,
  ],
  [
    'a column',
    'ALTER TABLE assignments DROP COLUMN requested_topic',
    / lacks assignments\.requested_topic: /,
  ],
  ['the view', 'DROP VIEW challenges', / lacks challenges\.id, challenges\.difficulty, .+: restore it/],
  ['an index that a statement names', 'DROP INDEX questions_entering', / lacks questions_entering: restore/],
])('a database without %s is refused at start in one sentence, and no byte changes', async (_, sql, said) => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'challenges.db')
  await createSqliteStore({ path, policy }).close()
  {
    using database = new Database(path)
    database.run(sql)
    database.run('PRAGMA wal_checkpoint(TRUNCATE)')
  }
  const before = readFileSync(path)

  expect(() => createSqliteStore({ path, policy })).toThrow(said)
  expect(readFileSync(path)).toEqual(before)
})

test('a view of the operator that cannot be read does not stop the start', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'challenges.db')
  await createSqliteStore({ path, policy }).close()
  {
    using database = new Database(path)
    // Version 1.0 had this column.
    database.run('CREATE VIEW mine AS SELECT import_key FROM challenges')
  }

  const store = createSqliteStore({ path, policy })

  expect(await store.countReady()).toEqual([])
  await store.close()
})
