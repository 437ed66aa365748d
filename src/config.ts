import { dirname, resolve } from 'node:path'
import { Value } from '@sinclair/typebox/value'
import { addLoopbackAddresses } from './config/origins.ts'
import { Environment, type Variables } from './config/variables.ts'
import { listWarnings } from './config/warnings.ts'
import { dataFolder } from './data-folder.ts'
import { isLoopback } from './loopback.ts'

/** The configuration: every variable validated and parsed. */
export type Config = ReturnType<typeof parseConfig>

/** Other names of variables, which the original server or the vendor uses. */
const aliases: Record<string, string> = {
  JWT_KEY: 'CLERK_JWT_KEY',
  CLERK_WEBHOOK_SECRET: 'CLERK_WEBHOOK_SIGNING_SECRET',
}

/** The texts of the variables that are set, by name. */
type Texts = Record<string, string | undefined>

/**
 * The environment as configuration. An empty variable counts as not set, except `ALLOWED_ORIGINS`.
 * @throws Error that names every fault at once, and no value.
 */
export function parseConfig(env: Record<string, string | undefined>) {
  const texts = readTexts(env)
  const { variables, faults } = parseVariables(texts)
  faults.push(...findMissing(texts))
  if (faults.length > 0) throw new Error(`Invalid environment:\n  ${faults.join('\n  ')}`)
  const warnings = listWarnings(variables, env)
  return { ...toConfig(variables), warnings }
}

function readTexts(env: Record<string, string | undefined>): Texts {
  const read = (name: string) => env[name]?.trim() || env[aliases[name] ?? '']?.trim() || undefined
  const texts = Object.fromEntries(Object.keys(Environment.properties).map((name) => [name, read(name)]))
  // An empty list of origins is a mistake: no front end could call the server.
  return { ...texts, ALLOWED_ORIGINS: env.ALLOWED_ORIGINS }
}

/** Parses each variable once. `variables` is complete if there are no `faults`. */
function parseVariables(texts: Texts): { variables: Variables; faults: string[] } {
  const variables: Record<string, unknown> = {}
  const faults: string[] = []
  for (const [name, schema] of Object.entries(Environment.properties)) {
    const text: unknown = texts[name] ?? schema.default
    if (text === undefined) continue
    try {
      variables[name] = Value.Decode(schema, text)
    } catch {
      // The error quotes the value. Docker keeps the quotes of an environment file.
      const hint = /^(["']).*\1$/s.test(String(text)) ? ', without quotes' : ''
      faults.push(`${name} must be ${schema.description}${hint}.`)
    }
  }
  return { variables: variables as Variables, faults }
}

/** The faults of variables that depend on one another. */
function findMissing(texts: Texts): string[] {
  const sessions = texts.JWT_KEY ?? texts.CLERK_SECRET_KEY
  if (texts.NODE_ENV !== 'production') {
    if ((sessions && texts.CLERK_WEBHOOK_SECRET) || isLoopback(texts.HOST ?? 'localhost')) return []
    return [
      'HOST must be a loopback address such as 127.0.0.1 while the development identity is in use: to listen elsewhere, set JWT_KEY (or CLERK_SECRET_KEY) and CLERK_WEBHOOK_SECRET.',
    ]
  }
  return [
    !sessions && 'JWT_KEY (or CLERK_SECRET_KEY) must be set in production.',
    !texts.CLERK_WEBHOOK_SECRET && 'CLERK_WEBHOOK_SECRET must be set in production.',
    !texts.OPENAI_API_KEY &&
      !texts.OPENAI_BASE_URL &&
      'OPENAI_API_KEY (or OPENAI_BASE_URL) must be set in production.',
  ].filter((fault) => typeof fault === 'string')
}

function toConfig(variables: Variables) {
  const production = variables.NODE_ENV === 'production'
  const database = variables.DATABASE_URL
  return {
    production,
    port: variables.PORT,
    host: (variables.HOST ?? (production ? '0.0.0.0' : '127.0.0.1')).replace(/^\[(.*)\]$/, '$1'),
    database: {
      ...database,
      connections: variables.DATABASE_CONNECTIONS,
      timeoutMs: variables.DATABASE_TIMEOUT_MS,
    },
    /** The folder of the development identity: beside the SQLite file. */
    identityFolder: database.engine === 'sqlite' ? dirname(database.path) : dataFolder,
    tokenVariables: toTokenVariables(variables),
    sessions: { keys: variables.JWT_KEY ?? [], secretKey: variables.CLERK_SECRET_KEY },
    webhookSecrets: variables.CLERK_WEBHOOK_SECRET ?? [],
    allowedOrigins: toOrigins(variables),
    model: toModel(variables),
    review: variables.REVIEW,
    /** The topics that the server offers, in the order of `topicIds`. */
    topics: variables.TOPICS,
    reveal: variables.REVEAL,
    poolSize: variables.POOL_SIZE,
    librarySize: variables.LIBRARY_SIZE,
    generationTimeoutMs: variables.GENERATION_TIMEOUT_MS,
    quota: { initial: variables.QUOTA_INITIAL, daily: variables.QUOTA_DAILY },
    idleTimeoutSeconds: variables.IDLE_TIMEOUT_SECONDS,
    stopDelaySeconds: variables.STOP_DELAY_SECONDS,
    docs: variables.DOCS,
    logLevel: variables.LOG_LEVEL,
  }
}

/** The variables that `bun run token` needs for tokens that this server accepts. Default values are left out. */
function toTokenVariables({ DATABASE_URL: database, ALLOWED_ORIGINS: origins }: Variables) {
  const needed: Record<string, string> = {}
  // The development identity is beside the SQLite file.
  if (database.engine === 'sqlite' && resolve(dirname(database.path)) !== resolve(dataFolder))
    needed.DATABASE_URL = `file:${resolve(database.path)}`
  if (!areDefault(origins)) needed.ALLOWED_ORIGINS = origins.join()
  return needed
}

/** In development, each default origin on `localhost` is also allowed on `127.0.0.1`. */
function toOrigins({ NODE_ENV, ALLOWED_ORIGINS: origins }: Variables): string[] {
  return NODE_ENV !== 'production' && areDefault(origins) ? addLoopbackAddresses(origins) : origins
}

function areDefault(origins: string[]): boolean {
  return origins.join() === Environment.properties.ALLOWED_ORIGINS.default
}

function toModel(variables: Variables) {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseURL } = variables
  if (!apiKey && !baseURL) return undefined
  return {
    name: variables.OPENAI_MODEL,
    reviewName: variables.OPENAI_REVIEW_MODEL ?? variables.OPENAI_MODEL,
    concurrency: variables.MODEL_CONCURRENCY,
    // Local servers (Ollama, vLLM) require a key and ignore its value.
    apiKey: apiKey ?? 'none',
    baseURL,
    reasoningEffort: variables.OPENAI_REASONING_EFFORT,
  }
}
