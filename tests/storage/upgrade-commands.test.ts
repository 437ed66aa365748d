import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { SQL } from 'bun'
import { importOriginal } from '../../src/commands/import.ts'
import { questions } from '../../src/commands/questions.ts'
import { quota } from '../../src/commands/quota.ts'
import { transfer } from '../../src/commands/transfer.ts'
import { createSqliteStore } from '../../src/store/sqlite/store.ts'
import { runHere } from '../support/command.ts'
import { policy } from '../support/contract.ts'
import { temporaryFolder } from '../support/folder.ts'
import { createOriginal } from '../support/original.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { oldChallenge, writeOldPostgres, writeOldSqlite } from '../support/version-1.ts'

setDefaultTimeout(60_000)

const folder = temporaryFolder()
const at = (name: string) => join(folder.path, name)

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
  createOriginal(at('original.db')).close()
  await createSqliteStore({ path: at('moved.db'), policy }).close()
})
afterAll(async () => {
  await postgres[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

const commands = [
  { command: quota, args: ['user_1'] },
  { command: quota, args: ['user_1', '--set=5'] },
  { command: questions, args: [] },
  { command: questions, args: ['retire', '1'] },
  { command: questions, args: ['export', '--format=gift'] },
  { command: importOriginal, args: [at('original.db')] },
  { command: transfer, args: [at('moved.db')] },
]

const rows = [oldChallenge(1), oldChallenge(2, { created_by: null })]
const readOld = 'SELECT * FROM challenges ORDER BY id'

/** A database of version 1.0.0 on each engine, and a function that reads its challenges. */
const engines: [string, () => Promise<{ url: string; read: () => Promise<unknown[]> }>][] = [
  [
    'SQLite',
    async () => {
      writeOldSqlite(at('old.db'), rows, 2)
      const read = async () => {
        using file = new Database(at('old.db'))
        return file.query(readOld).all()
      }
      return { url: `file:${at('old.db')}`, read }
    },
  ],
  [
    'PostgreSQL',
    async () => {
      const url = await postgres.createDatabase()
      await writeOldPostgres(url, rows, 2)
      const read = async () => {
        await using client = new SQL(url, { max: 1 })
        return [...(await client.unsafe(readOld))]
      }
      return { url, read }
    },
  ],
]

test.each(engines)(
  'no command migrates a database that servers of version 1.0.0 may use: %s',
  async (_, write) => {
    const { url, read } = await write()
    const before = await read()
    expect(before).toHaveLength(2)

    for (const { command, args } of commands) {
      const { failure } = await runHere(command, args, { DATABASE_URL: url })
      expect({ args, failure }).toEqual({
        args,
        failure:
          'The database was written by an older version of this server: stop the servers of that version, back the database up, and start the server of this version once, which migrates it.',
      })
    }
    expect(await read()).toEqual(before)
  },
)
