import { Database } from 'bun:sqlite'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compose, type Overrides } from '../../src/compose.ts'
import { parseConfig } from '../../src/config.ts'
import { createLog } from '../../src/log.ts'
import { openSqliteFile } from '../../src/store/sqlite/opening.ts'
import { keys, webhookSecret } from './clerk.ts'
import { clientOf } from './client.ts'
import { temporaryFolder } from './folder.ts'
import type { Model } from './model.ts'

/** A line of the log. */
export type LogLine = {
  level: string
  time: string
  msg: string
  port?: number
  ms?: number
  [field: string]: unknown
}

type Options = Overrides & {
  /** More variables than those for the keys of the tests, the database and the model. */
  env?: Record<string, string>
  model?: Model
  /** Receives the log, also that of a start that fails. */
  lines?: LogLine[]
}

/** A database without rows. To migrate a new file for each server takes longer than to copy this one. */
let empty: Buffer | undefined
const readEmpty = () => (empty ??= createEmpty())

function createEmpty() {
  using folder = temporaryFolder()
  const path = join(folder.path, 'empty.db')
  openSqliteFile(path).close(true)
  return readFileSync(path)
}

/**
 * The real server in this process, on a free port, with a new database file. Without a model the questions come from
 * the bank. Review, pool and library are off unless `env` says otherwise.
 */
export async function startServer({ env = {}, model, timings, lines = [], ...overrides }: Options = {}) {
  const folder = temporaryFolder()
  const path = join(folder.path, 'challenges.db')
  if (!env.DATABASE_URL) writeFileSync(path, readEmpty())
  const config = parseConfig(environment({ DATABASE_URL: `file:${path}`, ...modelVariables(model), ...env }))
  const log = createLog(config.logLevel, { write: (line) => void lines.push(JSON.parse(line)) })
  // The stop waits for no request that a test has left in flight.
  const shortStop = { drainMs: 0, flushMs: 0 }
  const parts = await compose(config, log, { ...overrides, timings: { ...shortStop, ...timings } })
  parts.app.listen({ port: 0, hostname: '127.0.0.1' })
  const url = `http://127.0.0.1:${parts.app.server?.port}`

  return {
    ...clientOf(url),
    app: parts.app,
    fallbacks: parts.fallbacks,
    /** The log so far. */
    lines,
    path,
    /** A second connection to the database file, as an operator would open it. */
    database: () => new Database(path),
    async [Symbol.asyncDispose]() {
      await parts[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    },
  }
}

export type Server = Awaited<ReturnType<typeof startServer>>

/** The variables of a server with the keys of the tests. */
export function environment(more: Record<string, string> = {}): Record<string, string> {
  return {
    JWT_KEY: keys.pem,
    CLERK_WEBHOOK_SECRET: webhookSecret,
    REVIEW: 'off',
    POOL_SIZE: '0',
    LIBRARY_SIZE: '0',
    PORT: '0',
    ...more,
  }
}

export function modelVariables(model: Model | undefined): Record<string, string> {
  return model
    ? { OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'sk-test-0123456789abcdef', OPENAI_MODEL: 'test' }
    : {}
}
