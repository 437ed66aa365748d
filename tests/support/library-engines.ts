import { Database } from 'bun:sqlite'
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'bun:test'
import { join } from 'node:path'
import { SQL } from 'bun'
import { drizzle as drizzlePostgres } from 'drizzle-orm/bun-sql'
import { drizzle } from 'drizzle-orm/bun-sqlite'
import * as postgresLibrary from '../../src/store/postgres/library.ts'
import { prepareStatements as preparePostgres } from '../../src/store/postgres/statements.ts'
import { createPostgresStore } from '../../src/store/postgres/store.ts'
import { enterCirculation, leaveCirculation } from '../../src/store/sqlite/library.ts'
import { prepareStatements } from '../../src/store/sqlite/statements.ts'
import { createSqliteStore } from '../../src/store/sqlite/store.ts'
import type { Store } from '../../src/store/store.ts'
import { type Topic, topicIds } from '../../src/topics.ts'
import { policy } from './contract.ts'
import { temporaryFolder } from './folder.ts'
import { type Postgres, startPostgres } from './postgres.ts'

/** A database with statements that only other transactions of the store use. */
type Engine = {
  open: (topics?: Topic[]) => Promise<Store>
  findQuestion: (title: string) => Promise<number>
  enter: (id: number) => Promise<void>
  leave: (id: number) => Promise<void>
  close: () => Promise<void>
}

async function createSqlite(): Promise<Engine> {
  const folder = temporaryFolder()
  const path = join(folder.path, 'test.db')
  const open = async (topics?: Topic[]) => createSqliteStore({ path, policy, topics })
  await (await open()).close()
  const file = new Database(path, { strict: true })
  const run = prepareStatements(drizzle({ client: file }), topicIds)
  const find = file.query<{ id: number }, [string]>('SELECT id FROM questions WHERE title = ?')
  return {
    open,
    findQuestion: async (title) => Number(find.get(title)?.id),
    enter: async (id) => enterCirculation(run, id),
    leave: async (id) => leaveCirculation(run, id),
    async close() {
      file.close(true)
      folder[Symbol.dispose]()
    },
  }
}

const createOn = (postgres: () => Postgres, flag: string) => async (): Promise<Engine> => {
  const url = await postgres().createDatabase()
  const client = new SQL(url, { max: 1 })
  const run = preparePostgres(drizzlePostgres({ client }))
  return {
    open: (topics) =>
      createPostgresStore({ url: `${url}${flag}`, policy, connections: 10, timeoutMs: 5000, topics }),
    findQuestion: async (title) => {
      const [found] = await client`SELECT id FROM questions WHERE title = ${title}`
      return Number(found.id)
    },
    enter: (id) => postgresLibrary.enterCirculation(run, id),
    leave: (id) => postgresLibrary.leaveCirculation(run, id),
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
  const engines = {
    SQLite: createSqlite,
    PostgreSQL: createOn(() => postgres, ''),
    'PostgreSQL without prepared statements': createOn(() => postgres, '?pgbouncer=true'),
  }

  describe.each(Object.entries(engines))('a library in %s', (_, create) => {
    let opened: { engine: Engine; store: Store; other: Store }
    beforeEach(async () => {
      const engine = await create()
      // Two stores, like those of two processes.
      opened = { engine, store: await engine.open(), other: await engine.open() }
    })
    afterEach(async () => {
      await opened.store.close()
      await opened.other.close()
      await opened.engine.close()
    })
    define(() => opened)
  })
}
