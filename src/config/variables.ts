import { type StaticDecode, Type } from '@sinclair/typebox'
import { isWebhookSecret, parseSessionKeys } from '../clerk/keys.ts'
import { dataFolder } from '../data-folder.ts'
import { logLevels } from '../log-format.ts'
import { type Topic, topicIds } from '../topics.ts'
import { parseDatabaseUrl } from './database-url.ts'
import { isOrigin } from './origins.ts'

/** A key that fits into a header: printable ASCII without blanks and quotes. A copied key may hold an invisible character. */
const keyText = '[!#-&(-~]+'

/** The only list of variables. Each schema turns the text of its variable into the value that the server uses. */
export const Environment = Type.Object({
  NODE_ENV: Type.Optional(matching('a word such as production', /^[\w-]+$/)),
  PORT: wholeNumber(8000, 0, 65535),
  HOST: Type.Optional(matching('a host name or address', /^[A-Za-z0-9.:_[\]-]+$/)),
  DATABASE_URL: variable(
    'file:<path> or postgres://<user>:<password>@<host>/<database>[?pgbouncer=true], with special characters percent-encoded',
    parseDatabaseUrl,
    { default: `file:${dataFolder}/challenges.db` },
  ),
  DATABASE_CONNECTIONS: wholeNumber(10, 1, 1000),
  DATABASE_TIMEOUT_MS: wholeNumber(5000, 100, 600_000),
  CLERK_SECRET_KEY: Type.Optional(matching('a Clerk secret key (sk_…)', new RegExp(`^(?!pk_)${keyText}$`))),
  JWT_KEY: Type.Optional(
    variable(
      'one or more RSA public keys of 2048 bits in PEM, as the Clerk dashboard shows them (in .env: in quotes)',
      parseSessionKeys,
    ),
  ),
  CLERK_WEBHOOK_SECRET: Type.Optional(
    variable(
      'one or more secrets of the form whsec_<base64 of 24 bytes or more>, separated by spaces',
      (text) => parseList(text.split(/\s+/), isWebhookSecret),
    ),
  ),
  ALLOWED_ORIGINS: variable(
    'one or more origins such as https://app.example.com (no path, no slash at the end), separated by commas',
    (text) => parseList(text.split(','), isOrigin),
    { default: 'http://localhost:5173,http://localhost:5174' },
  ),
  OPENAI_API_KEY: Type.Optional(matching('an API key', new RegExp(`^${keyText}$`))),
  OPENAI_BASE_URL: Type.Optional(variable('an http or https URL', parseHttpUrl)),
  OPENAI_MODEL: matching('the name of a chat model', /^[^"']+$/, { default: 'gpt-6-luna' }),
  OPENAI_REVIEW_MODEL: Type.Optional(matching('the name of a chat model', /^[^"']+$/)),
  OPENAI_REASONING_EFFORT: Type.Optional(matching('a word such as none, low, medium or high', /^[a-z]+$/)),
  REVIEW: onOrOff('on'),
  POOL_SIZE: wholeNumber(3, 0, 1000),
  LIBRARY_SIZE: wholeNumber(1000, 0, 1_000_000),
  TOPICS: variable(`all, or some of: ${topicIds.join(', ')}; separated by commas`, parseTopics, {
    default: 'all',
  }),
  MODEL_CONCURRENCY: wholeNumber(1000, 1, 1_000_000),
  REVEAL: variable('one of: at_once, after_answer', (text) => reveals.find((reveal) => reveal === text), {
    default: 'at_once',
  }),
  GENERATION_TIMEOUT_MS: wholeNumber(30_000, 1, 600_000),
  QUOTA_INITIAL: wholeNumber(50, 0, 1_000_000),
  QUOTA_DAILY: wholeNumber(10, 0, 1_000_000),
  IDLE_TIMEOUT_SECONDS: wholeNumber(75, 1, 255),
  STOP_DELAY_SECONDS: wholeNumber(0, 0, 300),
  DOCS: onOrOff('on'),
  LOG_LEVEL: variable(
    `one of: ${logLevels.join(', ')}`,
    (text) => logLevels.find((level) => level === text),
    { default: 'info' },
  ),
})

const reveals = ['at_once', 'after_answer'] as const

export type Variables = StaticDecode<typeof Environment>

type Options = { default?: string }

/**
 * A variable whose text `parse` turns into a value, or into `undefined` if the text is wrong. `expected` completes the
 * sentence "NAME must be …".
 */
function variable<Value>(
  expected: string,
  parse: (text: string) => Value | undefined,
  options: Options = {},
) {
  return Type.Transform(Type.String({ description: expected, ...options }))
    .Decode((text): Value => {
      const value = parse(text)
      if (value === undefined) throw new Error(`The text is not ${expected}.`)
      return value
    })
    .Encode(String)
}

function matching(expected: string, pattern: RegExp, options?: Options) {
  return variable(expected, (text) => (pattern.test(text) ? text : undefined), options)
}

function wholeNumber(fallback: number, min: number, max: number) {
  const expected = `a whole number from ${min} to ${max}`
  const parse = (text: string) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    return value >= min && value <= max ? value : undefined
  }
  return variable(expected, parse, { default: String(fallback) })
}

function onOrOff(fallback: 'on' | 'off') {
  const parse = (text: string) => (/^(on|off)$/.test(text) ? text === 'on' : undefined)
  return variable('one of: on, off', parse, { default: fallback })
}

function parseHttpUrl(text: string): string | undefined {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text : undefined
}

/** The parts that are not empty, if there are any and all of them are valid. */
function parseList(parts: string[], isValid: (part: string) => boolean): string[] | undefined {
  const list = parts.map((part) => part.trim()).filter(Boolean)
  return list.length > 0 && list.every(isValid) ? list : undefined
}

/** The topics that are listed. All topics for an empty list. */
function parseTopics(text: string): Topic[] | undefined {
  const isTopic = (part: string) => topicIds.some((topic) => topic === part)
  const listed = text === 'all' || !/[^,\s]/.test(text) ? topicIds : parseList(text.split(','), isTopic)
  return listed && topicIds.filter((topic) => listed.includes(topic))
}
