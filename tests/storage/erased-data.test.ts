import { Database } from 'bun:sqlite'
import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../support/folder.ts'
import { startServer } from '../support/server.ts'

test('the comment of an erased user is not in the database file of a stopped server', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'challenges.db')
  const comment = `My name is ${'secret '.repeat(20)}`
  {
    await using server = await startServer({ env: { DATABASE_URL: `file:${path}` } })
    for (let n = 0; n < 20; n++) {
      const { body } = await server.generate('user_1')
      expect((await server.report('user_1', body.id, { reason: 'other', comment })).status).toBe(200)
    }
    {
      using other = new Database(path)
      other.query('PRAGMA wal_checkpoint(TRUNCATE)').get()
    }
    expect(readFileSync(path).includes(comment)).toBe(true)
    expect((await server.deliver('user.deleted', 'user_1')).status).toBe(200)
  }

  expect(readFileSync(path).includes(comment)).toBe(false)
})
