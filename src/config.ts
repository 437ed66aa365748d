import { dirname, resolve } from 'node:path'
import type { Static } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { sessionKeysOf } from './clerk/keys.ts'
import { type DatabaseUrl, databaseOf, defaultPath, Environment, originsOf, words } from './environment.ts'
import { isLoopback } from './loopback.ts'

/** The configuration: every variable checked, and given the shape in which it is needed. */
export type Config = ReturnType<typeof parseConfig>

/** Variables that the original, or the vendor, knows by another name. */
const aliases = { JWT_KEY: 'CLERK_JWT_KEY', CLERK_WEBHOOK_SECRET: 'CLERK_WEBHOOK_SIGNING_SECRET' }

/**
 * The environment as configuration. An empty variable counts as not set, except `ALLOWED_ORIGINS`.
 * @throws Error that names every fault at once, and no value.
 */
export function parseConfig(env: Record<string, string | undefined>) {
  const given: Record<string, unknown> = {}
  for (const name of Object.keys(Environment.properties)) {
    const value = env[name]?.trim() || env[aliases[name as keyof typeof aliases]]?.trim() || undefined
    // A list of origins that someone emptied is a mistake: nobody could call the server.
    const text = name === 'ALLOWED_ORIGINS' ? env[name] : value
    if (text !== undefined) given[name] = numeric(name) && /^\d{1,15}$/.test(text) ? Number(text) : text
  }
  Value.Default(Environment, given)
  const faults = [...Value.Errors(Environment, given)].map(
    ({ path, schema }) => `${path.slice(1)} must be ${schema.description}.`,
  )
  faults.push(...missing(given))
  if (faults.length > 0)
    throw new Error(`The environment is not right:\n  ${[...new Set(faults)].join('\n  ')}`)
  return toConfig(given as Static<typeof Environment>)
}

function numeric(name: string): boolean {
  return Environment.properties[name as keyof typeof Environment.properties].type === 'integer'
}

/** What the values need of one another. */
function missing(given: Record<string, unknown>): string[] {
  const sessions = given.JWT_KEY ?? given.CLERK_SECRET_KEY
  if (given.NODE_ENV !== 'production') {
    if ((sessions && given.CLERK_WEBHOOK_SECRET) || isLoopback(String(given.HOST ?? 'localhost'))) return []
    return [
      'HOST must be a loopback address such as 127.0.0.1 while the development identity is in use: to listen elsewhere, set JWT_KEY (or CLERK_SECRET_KEY) and CLERK_WEBHOOK_SECRET.',
    ]
  }
  return [
    !sessions && 'JWT_KEY (or CLERK_SECRET_KEY) must be set in production.',
    !given.CLERK_WEBHOOK_SECRET && 'CLERK_WEBHOOK_SECRET must be set in production.',
    !given.OPENAI_API_KEY &&
      !given.OPENAI_BASE_URL &&
      'OPENAI_API_KEY (or OPENAI_BASE_URL) must be set in production.',
  ].filter((fault) => typeof fault === 'string')
}

function toConfig(env: Static<typeof Environment>) {
  const production = env.NODE_ENV === 'production'
  const database = databaseOf(env.DATABASE_URL) as DatabaseUrl
  const path = database.engine === 'sqlite' ? database.path : defaultPath
  // Of a path that somebody mistyped, the folder is not made.
  const makeFolder = resolve(path) === resolve(defaultPath)
  return {
    production,
    port: env.PORT,
    host: (env.HOST ?? (production ? '0.0.0.0' : '127.0.0.1')).replace(/^\[(.*)\]$/, '$1'),
    database: {
      ...database,
      makeFolder,
      connections: env.DATABASE_CONNECTIONS,
      timeoutMs: env.DATABASE_TIMEOUT_MS,
    },
    /** The development identity lies beside the database. */
    identity: { folder: dirname(path), makeFolder },
    sessions: {
      keys: env.JWT_KEY ? (sessionKeysOf(env.JWT_KEY) ?? []) : [],
      secretKey: env.CLERK_SECRET_KEY,
    },
    webhookSecrets: words(env.CLERK_WEBHOOK_SECRET ?? ''),
    allowedOrigins: originsOf(env.ALLOWED_ORIGINS),
    model:
      env.OPENAI_API_KEY || env.OPENAI_BASE_URL
        ? {
            name: env.OPENAI_MODEL,
            // Local servers (Ollama, vLLM) want a key and look at none.
            apiKey: env.OPENAI_API_KEY ?? 'none',
            baseURL: env.OPENAI_BASE_URL,
            reasoningEffort: env.OPENAI_REASONING_EFFORT,
          }
        : undefined,
    review: env.REVIEW === 'on',
    poolSize: env.POOL_SIZE,
    generationTimeoutMs: env.GENERATION_TIMEOUT_MS,
    quota: { initial: env.QUOTA_INITIAL, daily: env.QUOTA_DAILY },
    idleTimeoutSeconds: env.IDLE_TIMEOUT_SECONDS,
    docs: env.DOCS === 'on',
    logLevel: env.LOG_LEVEL,
  }
}
