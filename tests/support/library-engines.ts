import { Database } from 'bun:sqlite'
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'bun:test'
import { join } from 'node:path'
import { SQL } from 'bun'
import { createPostgresStore } from '../../src/store/postgres/store.ts'
import { createSqliteStore } from '../../src/store/sqlite/store.ts'
import type { Store } from '../../src/store/store.ts'
import type { Topic } from '../../src/topics.ts'
import { policy } from './contract.ts'
import { temporaryFolder } from './folder.ts'
import { type Postgres, startPostgres } from './postgres.ts'

type Engine = {
  open: (topics?: Topic[]) => Promise<Store>
  /** The same on another connection. On PostgreSQL it has no prepared statements, as behind a pooler. */
  openOther: () => Promise<Store>
  /** Runs a statement that returns one number. */
  readNumber: (query: string, parameter: string) => Promise<number>
  close: () => Promise<void>
}

async function createSqlite(): Promise<Engine> {
  const folder = temporaryFolder()
  const path = join(folder.path, 'test.db')
  const open = async (topics?: Topic[]) => createSqliteStore({ path, policy, topics })
  return {
    open,
    openOther: open,
    async readNumber(query, parameter) {
      using file = new Database(path)
      return Number(file.query(query).values(parameter)[0]?.[0])
    },
    close: async () => folder[Symbol.dispose](),
  }
}

const createOn = (postgres: () => Postgres) => async (): Promise<Engine> => {
  const url = await postgres().createMigrated()
  const client = new SQL(url, { max: 1 })
  const openAt = (url: string, topics?: Topic[]) =>
    createPostgresStore({ url, policy, connections: 10, timeoutMs: 5000, topics })
  return {
    open: (topics) => openAt(url, topics),
    openOther: () => openAt(`${url}?pgbouncer=true`),
    async readNumber(query, parameter) {
      const [row] = await client.unsafe(query.replace('?', '$1'), [parameter]).values()
      return Number(row?.[0])
    },
    close: () => client.close(),
  }
}
/** Runs the tests that `define` defines on each engine. Each test gets a new database. */
export function describeLibrary(define: (get: () => { engine: Engine; store: Store; other: Store }) => void) {
  let postgres: Postgres
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(async () => postgres[Symbol.asyncDispose]())
  const engines = { SQLite: createSqlite, PostgreSQL: createOn(() => postgres) }

  describe.each(Object.entries(engines))('a library in %s', (_, create) => {
    let opened: { engine: Engine; store: Store; other: Store }
    beforeEach(async () => {
      const engine = await create()
      // Two stores, like those of two processes.
      opened = { engine, store: await engine.open(), other: await engine.openOther() }
    })
    afterEach(async () => {
      await opened.store.close()
      await opened.other.close()
      await opened.engine.close()
    })
    define(() => opened)
  })
}
