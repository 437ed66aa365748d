import { Database } from 'bun:sqlite'
import { join } from 'node:path'
import { compose, type Overrides } from '../../src/compose.ts'
import { parseConfig } from '../../src/config.ts'
import { createLog } from '../../src/log.ts'
import { keys, origin, sessionToken, svixHeaders, userEvent, webhookSecret } from './clerk.ts'
import { temporaryFolder } from './folder.ts'
import type { Model } from './model.ts'

/** Every member that an answer, or a line of the log, can have. A test that reads one has seen the status first. */
export type Body = {
  id: number
  difficulty: string
  title: string
  options: string[]
  correct_answer_id: number
  explanation: string
  source: string
  timestamp: string
  challenges: (Omit<Body, 'challenges'> & { date_created: string; created_by: string })[]
  next_cursor: string | null
  user_id: string
  quota_remaining: number
  quota_limit: number
  last_reset_date: string
  last_reset_data: string
  next_reset_date: string
  status: string | number
  type: string
  detail: string
  code: string
  msg: string
}

type Options = Overrides & {
  /** Variables beside those that connect the server to the test's keys, database and model. */
  env?: Record<string, string>
  model?: Model
}

/**
 * The real server in this process, on a port of its own, with a database file of its own. Without a model the bank is
 * the author. Review and pool are off unless `env` says otherwise.
 */
export async function startServer({ env = {}, model, timings, ...overrides }: Options = {}) {
  const folder = temporaryFolder()
  const path = join(folder.path, 'challenges.db')
  const lines: Body[] = []
  const config = parseConfig(environment({ DATABASE_URL: `file:${path}`, ...modelVariables(model), ...env }))
  const log = createLog(config.logLevel, { write: (line) => void lines.push(JSON.parse(line)) })
  // A test that leaves a request behind does not wait for its answer.
  const shortStop = { drainMs: 0, flushMs: 0 }
  const parts = await compose(config, log, { ...overrides, timings: { ...shortStop, ...timings } })
  parts.app.listen({ port: 0, hostname: '127.0.0.1' })
  const url = `http://127.0.0.1:${parts.app.server?.port}`

  return {
    ...clientOf(url),
    app: parts.app,
    fallbacks: parts.fallbacks,
    /** The log so far, a line each. */
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

/** The variables of a server that knows the test's keys. */
export function environment(more: Record<string, string> = {}): Record<string, string> {
  return {
    JWT_KEY: keys.pem,
    CLERK_WEBHOOK_SECRET: webhookSecret,
    REVIEW: 'off',
    POOL_SIZE: '0',
    PORT: '0',
    ...more,
  }
}

export function modelVariables(model: Model | undefined): Record<string, string> {
  return model
    ? { OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'sk-test-0123456789abcdef', OPENAI_MODEL: 'test' }
    : {}
}

/** What tests say to a server at `url`, as the front end would. */
export function clientOf(url: string) {
  async function as(userId: string, path: string, init: RequestInit = {}) {
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${await sessionToken(userId)}`)
    headers.set('origin', origin)
    return fetch(url + path, { ...init, headers })
  }

  async function json(
    response: Promise<Response>,
  ): Promise<{ status: number; headers: Headers; body: Body }> {
    const { status, headers, ...rest } = await answered(response)
    return { status, headers, body: JSON.parse(rest.text || '{}') }
  }

  async function answered(response: Promise<Response>) {
    const awaited = await response
    return { status: awaited.status, headers: awaited.headers, text: await awaited.text() }
  }

  return {
    url,
    fetch: (path: string, init: RequestInit = {}) => fetch(url + path, init),
    as,
    generate: (
      userId: string,
      difficulty = 'easy',
      headers: Record<string, string> = {},
      init: RequestInit = {},
    ) =>
      json(
        as(userId, '/api/generate-challenge', {
          ...init,
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify({ difficulty }),
        }),
      ),
    quota: (userId: string) => json(as(userId, '/api/quota')),
    history: (userId: string, query = '') => json(as(userId, `/api/my-history${query}`)),
    /** Delivers a Clerk event, signed. */
    deliver: (type: string, userId: string) => {
      const body = userEvent(type, userId)
      return json(fetch(`${url}/webhooks/clerk`, { method: 'POST', headers: svixHeaders(body), body }))
    },
  }
}

export type Client = ReturnType<typeof clientOf>
