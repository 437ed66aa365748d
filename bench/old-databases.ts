import { Database } from 'bun:sqlite'
import { statSync } from 'node:fs'
import { SQL } from 'bun'
import { diskFolder } from '../tests/support/folder.ts'
import { startPostgres } from '../tests/support/postgres.ts'
import { writeManyOldPostgres, writeManyOldSqlite } from '../tests/support/version-1-rows.ts'

/** A database of version 1.0.0. `bytes` gives its size on the disk, including logs. */
export type OldDatabase = Awaited<ReturnType<typeof prepareOldSqlite>>

type Row = Record<string, unknown>

/** Writes a SQLite database of version 1.0.0 with `rows` challenges. It is removed at the end of the block. */
export async function prepareOldSqlite(rows: number) {
  const folder = diskFolder()
  const path = `${folder.path}/old.db`
  writeManyOldSqlite(path, rows)
  return {
    url: `file:${path}`,
    query: async (sql: string) => {
      using reader = new Database(path)
      return reader.query(sql).all() as Row[]
    },
    bytes: async () =>
      ['', '-wal'].reduce(
        (sum, end) => sum + (statSync(path + end, { throwIfNoEntry: false })?.size ?? 0),
        0,
      ),
    [Symbol.asyncDispose]: async () => folder[Symbol.dispose](),
  }
}

/** The same on a PostgreSQL of its own. */
export async function prepareOldPostgres(rows: number) {
  const server = await startPostgres({ durable: true })
  const url = await server.createDatabase()
  await writeManyOldPostgres(url, rows)
  const client = new SQL(url, { max: 1 })
  const query = async (sql: string) => [...(await client.unsafe(sql))] as Row[]
  await query('CHECKPOINT')
  return {
    url,
    query,
    bytes: async () => {
      const [sizes] = await query(`SELECT pg_database_size(current_database()) + sum(size) AS bytes
        FROM (SELECT size FROM pg_ls_waldir() UNION ALL SELECT size FROM pg_ls_tmpdir()) AS files`)
      return Number(sizes?.bytes)
    },
    [Symbol.asyncDispose]: async () => {
      await client.close()
      await server[Symbol.asyncDispose]()
    },
  }
}
