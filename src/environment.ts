import { fileURLToPath } from 'node:url'
import { FormatRegistry, Type } from '@sinclair/typebox'
import { isWebhookSecret, sessionKeysOf } from './clerk/keys.ts'
import { oneOf } from './http/schema.ts'
import { logLevels } from './log.ts'

const text = (expected: string, options: object = {}) =>
  Type.String({ minLength: 1, description: expected, ...options })
const whole = (fallback: number, minimum: number, maximum: number) =>
  Type.Integer({
    default: fallback,
    minimum,
    maximum,
    description: `a whole number from ${minimum} to ${maximum}`,
  })
const choice = <const Word extends string>(words: readonly Word[], fallback: NoInfer<Word>) =>
  oneOf(words, `one of: ${words.join(', ')}`, { default: fallback })

FormatRegistry.Set('database-url', (value) => databaseOf(value) !== undefined)
FormatRegistry.Set('session-keys', (value) => sessionKeysOf(value) !== undefined)
FormatRegistry.Set(
  'webhook-secrets',
  (value) => words(value).length > 0 && words(value).every(isWebhookSecret),
)
FormatRegistry.Set('origins', (value) => originsOf(value).length > 0 && originsOf(value).every(isOrigin))
FormatRegistry.Set('http-url', (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol))

/** Where SQLite's file is unless it is said. */
export const defaultPath = 'data/challenges.db'

/** The only list of variables. A description completes the sentence "NAME must be …". */
export const Environment = Type.Object({
  NODE_ENV: Type.Optional(Type.String()),
  PORT: whole(8000, 0, 65535),
  HOST: Type.Optional(text('a host name or address', { pattern: '^[A-Za-z0-9.:_\\[\\]-]+$' })),
  DATABASE_URL: text('file:<path> or postgres://<user>:<password>@<host>/<database>', {
    default: `file:${defaultPath}`,
    format: 'database-url',
  }),
  DATABASE_CONNECTIONS: whole(10, 1, 1000),
  DATABASE_TIMEOUT_MS: whole(5000, 100, 600_000),
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
  REVIEW: choice(['on', 'off'], 'on'),
  POOL_SIZE: whole(3, 0, 1000),
  GENERATION_TIMEOUT_MS: whole(30_000, 1, 600_000),
  QUOTA_INITIAL: whole(50, 0, 1_000_000),
  QUOTA_DAILY: whole(10, 0, 1_000_000),
  IDLE_TIMEOUT_SECONDS: whole(75, 1, 255),
  DOCS: choice(['on', 'off'], 'on'),
  LOG_LEVEL: choice(logLevels, 'info'),
})

/** What a `DATABASE_URL` says. */
export type DatabaseUrl = { engine: 'sqlite'; path: string } | { engine: 'postgres'; url: string }

/** Which database a `DATABASE_URL` means, or `undefined` if none. */
export function databaseOf(url: string): DatabaseUrl | undefined {
  if (/^postgres(ql)?:\/\/./.test(url)) return URL.canParse(url) ? { engine: 'postgres', url } : undefined
  const path = url.startsWith('file://') ? pathOf(url) : /^file:(.+)$/.exec(url)?.[1]
  // Nothing would be kept, and several connections would not see the same.
  return path && path !== ':memory:' ? { engine: 'sqlite', path } : undefined
}

function pathOf(fileUrl: string): string | undefined {
  try {
    return fileURLToPath(fileUrl)
  } catch {
    return undefined
  }
}

/** The parts of a list that is separated by white space. */
export const words = (value: string) => value.split(/\s+/).filter(Boolean)
/** The parts of a list that is separated by commas. */
export const originsOf = (value: string) =>
  value
    .split(',')
    .map((origin) => origin.trim())
    .filter(Boolean)
const isOrigin = (value: string) =>
  /^https?:\/\/[^*]+$/.test(value) && URL.canParse(value) && new URL(value).origin === value
