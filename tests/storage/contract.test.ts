import { afterAll, beforeAll, describe, setDefaultTimeout } from 'bun:test'
import { join } from 'node:path'
import { createPostgresStore } from '../../src/store/postgres/store.ts'
import { createSqliteStore } from '../../src/store/sqlite/store.ts'
import type { Store } from '../../src/store/store.ts'
import type { Topic } from '../../src/topics.ts'
import { policy } from '../support/contract.ts'
import { temporaryFolder } from '../support/folder.ts'
import { skipsPgBouncer, startPgBouncer } from '../support/pgbouncer.ts'
import { startPostgres } from '../support/postgres.ts'
import { testAnswers } from './contract-answers.ts'
import { testCatalogue } from './contract-catalogue.ts'
import { testClaims } from './contract-claims.ts'
import { testCredits } from './contract-credits.ts'
import { testDecisions } from './contract-decisions.ts'
import { testRecentQuestions } from './contract-recent.ts'
import { testRecords } from './contract-records.ts'
import { testSuspects } from './contract-suspects.ts'
import { testTopics } from './contract-topics.ts'

setDefaultTimeout(60_000)

const openOn = (url: string) => (topics?: Topic[]) =>
  createPostgresStore({ url, policy, connections: 10, timeoutMs: 5000, topics })

/** A store in PostgreSQL behind a real PgBouncer. In session mode a pooler changes no statement. */
const behindPgBouncer = async () => {
  const server = await startPostgres()
  const database = await server.createDatabase()
  const pooler = await startPgBouncer(database, 'transaction')
  const open = openOn(pooler.through(database, '?pgbouncer=true'))
  const close = async () => {
    await pooler[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  }
  return { open, close }
}

const engines = {
  SQLite: async () => {
    const folder = temporaryFolder()
    const path = join(folder.path, 'test.db')
    const open = async (topics?: Topic[]) => createSqliteStore({ path, policy, topics })
    return { open, close: async () => folder[Symbol.dispose]() }
  },
  PostgreSQL: async () => {
    const server = await startPostgres()
    const url = await server.createDatabase()
    const open = openOn(url)
    return { open, close: () => server[Symbol.asyncDispose]() }
  },
  ...(skipsPgBouncer ? {} : { 'PostgreSQL behind PgBouncer in transaction mode': behindPgBouncer }),
}

describe.each(Object.entries(engines))('a store in %s', (_, start) => {
  let engine: Awaited<ReturnType<typeof start>>
  let store: Store
  /** Connects to the same database, like a second process. */
  let other: Store

  beforeAll(async () => {
    engine = await start()
    const opened = await Promise.all([engine.open(), engine.open()])
    store = opened[0]
    other = opened[1]
  })
  afterAll(async () => {
    await store.close()
    await other.close()
    await engine.close()
  })

  testClaims(() => ({ store, other }))
  testAnswers(() => ({ store, other }))
  testCredits(() => ({ store, other }))
  testRecords(() => ({ store, other }))
  testRecentQuestions(() => ({ store, other }))
  testTopics(
    () => ({ store, other }),
    (topics) => engine.open(topics),
  )
  testSuspects(() => ({ store, other }))
  testDecisions(() => ({ store, other }))
  testCatalogue(() => ({ store, other }))
})
