import { createPublicKey } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { FormatRegistry, type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

const text = (expected: string, options: object = {}) =>
  Type.String({ minLength: 1, description: expected, ...options })
const whole = (fallback: number, minimum: number, maximum: number) =>
  Type.Integer({
    default: fallback,
    minimum,
    maximum,
    description: `a whole number from ${minimum} to ${maximum}`,
  })
const oneOf = <const T extends string[]>(words: [...T], fallback?: T[number]) =>
  Type.Unsafe<T[number]>(
    Type.String({
      enum: words,
      pattern: `^(${words.join('|')})$`,
      default: fallback,
      description: `one of: ${words.join(', ')}`,
    }),
  )

FormatRegistry.Set('database-url', (value) => databaseOf(value) !== undefined)
FormatRegistry.Set('session-keys', (value) => sessionKeysOf(value) !== undefined)
FormatRegistry.Set(
  'webhook-secrets',
  (value) => words(value).length > 0 && words(value).every(isWebhookSecret),
)
FormatRegistry.Set('origins', (value) => originsOf(value).length > 0 && originsOf(value).every(isOrigin))
FormatRegistry.Set('http-url', (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol))

/** The only list of variables. A description completes the sentence "NAME must be …". */
const Environment = Type.Object({
  NODE_ENV: Type.Optional(Type.String()),
  PORT: whole(8000, 0, 65535),
  HOST: Type.Optional(text('a host name or address', { pattern: '^[A-Za-z0-9.:_\\[\\]-]+$' })),
  DATABASE_URL: text('file:<path>', { default: 'file:data/challenges.db', format: 'database-url' }),
  CLERK_SECRET_KEY: Type.Optional(text('a Clerk secret key (sk_…)', { pattern: '^\\S+$' })),
  JWT_KEY: Type.Optional(
    text('one or more RSA public keys of 2048 bits in PEM, as the Clerk dashboard shows them', {
      format: 'session-keys',
    }),
  ),
  CLERK_WEBHOOK_SECRET: Type.Optional(
    text('one or more secrets of the form whsec_<base64 of 24 bytes or more>, separated by spaces', {
      format: 'webhook-secrets',
    }),
  ),
  ALLOWED_ORIGINS: Type.String({
    default: 'http://localhost:5173,http://localhost:5174',
    format: 'origins',
    description:
      'one or more origins such as https://app.example.com (no path, no slash at the end), separated by commas',
  }),
  OPENAI_API_KEY: Type.Optional(text('an API key')),
  OPENAI_BASE_URL: Type.Optional(text('an http or https URL', { format: 'http-url' })),
  OPENAI_MODEL: text('the name of a chat model', { default: 'gpt-6-luna' }),
  OPENAI_REASONING_EFFORT: Type.Optional(
    text('a word such as none, low, medium or high', { pattern: '^[a-z]+$' }),
  ),
  REVIEW: oneOf(['on', 'off'], 'on'),
  POOL_SIZE: whole(3, 0, 1000),
  GENERATION_TIMEOUT_MS: whole(30_000, 1, 600_000),
  QUOTA_INITIAL: whole(50, 0, 1_000_000),
  QUOTA_DAILY: whole(10, 0, 1_000_000),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'info'),
})

export type LogLevel = Static<typeof Environment>['LOG_LEVEL']
export type Database = { engine: 'sqlite'; path: string } | { engine: 'postgres'; url: string }
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
    const value = env[name] || env[aliases[name as keyof typeof aliases]]
    // A list of origins that someone emptied is a mistake: nobody could call the server.
    const trimmed = name === 'ALLOWED_ORIGINS' ? env[name] : value?.trim() || undefined
    if (trimmed !== undefined)
      given[name] = numeric(name) && /^\d{1,15}$/.test(trimmed) ? Number(trimmed) : trimmed
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
    if ((sessions && given.CLERK_WEBHOOK_SECRET) || isLoopback(given.HOST)) return []
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

function isLoopback(host: unknown): boolean {
  return host === undefined || /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(String(host))
}

function toConfig(env: Static<typeof Environment>) {
  const production = env.NODE_ENV === 'production'
  return {
    production,
    port: env.PORT,
    host: (env.HOST ?? (production ? '0.0.0.0' : '127.0.0.1')).replace(/^\[(.*)\]$/, '$1'),
    database: databaseOf(env.DATABASE_URL) as Database,
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
    logLevel: env.LOG_LEVEL,
  }
}

function databaseOf(url: string): Database | undefined {
  if (/^postgres(ql)?:\/\/./.test(url)) return { engine: 'postgres', url }
  const path =
    url.startsWith('file://') && URL.canParse(url) ? fileURLToPath(url) : /^file:(.+)$/.exec(url)?.[1]
  return path ? { engine: 'sqlite', path } : undefined
}

const words = (value: string) => value.split(/\s+/).filter(Boolean)
const originsOf = (value: string) =>
  value
    .split(',')
    .map((origin) => origin.trim())
    .filter(Boolean)
const isOrigin = (value: string) =>
  URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && new URL(value).origin === value

function isWebhookSecret(secret: string): boolean {
  const [, base64] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? []
  return base64 !== undefined && base64.length % 4 === 0 && Buffer.from(base64, 'base64').length >= 24
}

/**
 * The PEM keys in a variable: as shown by the dashboard, on one line with `\n` in letters, in quotes, or the base64
 * body alone. Clerk signs sessions with RS256 and 2048 bits, and its networkless verification takes nothing else.
 */
function sessionKeysOf(value: string): string[] | undefined {
  const plain = value.replaceAll('\\r', '').replaceAll('\\n', '\n').replace(/["']/g, '')
  const armoured = /-----BEGIN/.test(plain)
    ? plain
    : `-----BEGIN PUBLIC KEY-----${plain}-----END PUBLIC KEY-----`
  const blocks = [
    ...armoured.matchAll(/-----BEGIN PUBLIC KEY-----([\sA-Za-z0-9+/=]+)-----END PUBLIC KEY-----/g),
  ]
  const rest = armoured.replace(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g, '').trim()
  const keys = blocks.map(([, body = '']) => canonicalKey(body.replace(/\s/g, '')))
  return rest === '' && keys.length > 0 && keys.every((key) => key !== undefined) ? keys : undefined
}

function canonicalKey(body: string): string | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(body, 'base64'), format: 'der', type: 'spki' })
    const { modulusLength, publicExponent } = key.asymmetricKeyDetails ?? {}
    if (key.asymmetricKeyType !== 'rsa' || modulusLength !== 2048 || publicExponent !== 65537n)
      return undefined
    return key.export({ format: 'pem', type: 'spki' }).toString()
  } catch {
    return undefined
  }
}
