import { Database } from 'bun:sqlite'
import { afterAll, beforeAll } from 'bun:test'
import { SQL } from 'bun'
import type { Model } from './model.ts'
import { type Postgres, startPostgres } from './postgres.ts'
import { startServer } from './server.ts'

type Options = { model?: Model; env?: Record<string, string> }
type Row = Record<string, unknown>

/**
 * The engines for `describe.each`, each with a function that starts a server. One PostgreSQL serves the tests of the file.
 */
export function useEngines() {
  let postgres: Postgres | undefined
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(async () => postgres?.[Symbol.asyncDispose]())
  const onPostgres = (options?: Options) => {
    if (!postgres) throw new Error('PostgreSQL starts before the first test, not earlier.')
    return startOnPostgres(postgres, options)
  }
  return [['SQLite', startOnSqlite] as const, ['PostgreSQL', onPostgres] as const]
}

/** A server on an engine, and a second connection to its database that runs statements. */
export type EngineServer = Awaited<ReturnType<typeof startOnSqlite>>

async function startOnSqlite({ model, env }: Options = {}) {
  const server = await startServer({ ...(model && { model }), env: env ?? {} })
  const { path } = server
  return {
    server,
    databaseUrl: `file:${path}`,
    query: async (sql: string): Promise<Row[]> => {
      using file = new Database(path)
      return file.query<Row, []>(sql).all()
    },
    /** Runs statements that the constraints would refuse. The constraints are in force again afterwards. */
    async damage(...statements: string[]) {
      using file = new Database(path)
      file.run('PRAGMA ignore_check_constraints = ON')
      for (const sql of statements) file.run(sql)
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

async function startOnPostgres(postgres: Postgres, { model, env }: Options = {}): Promise<EngineServer> {
  const url = await postgres.createMigrated()
  const server = await startServer({ ...(model && { model }), env: { DATABASE_URL: url, ...env } })
  const client = new SQL(url, { max: 1 })
  return {
    server,
    databaseUrl: url,
    query: async (sql) => [...(await client.unsafe(sql))] as Row[],
    async damage(...statements) {
      const checks = await listChecks(client)
      for (const { table, name } of checks)
        await client.unsafe(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`)
      for (const sql of statements) await client.unsafe(sql)
      for (const { table, name, rule } of checks)
        await client.unsafe(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${rule} NOT VALID`)
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await client.close()
    },
  }
}

/** The constraints on the content of the tables that a test may damage. */
const listChecks = (client: SQL): Promise<{ table: string; name: string; rule: string }[]> =>
  client`SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(oid) AS rule
    FROM pg_constraint WHERE contype = 'c' AND conrelid IN ('questions'::regclass, 'assignments'::regclass)`
