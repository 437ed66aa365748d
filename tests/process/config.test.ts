import { expect, test } from 'bun:test'
import { resolve } from 'node:path'
import { FormatRegistry } from '@sinclair/typebox'
import { parseConfig } from '../../src/config.ts'
import { topicIds } from '../../src/topics.ts'

const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 'secret').toString('base64')}`
const [secret, other] = [secretOf(24), secretOf(32)]

type Env = Record<string, string>

test('an empty environment gives the defaults', () => {
  expect(parseConfig({})).toMatchObject({
    production: false,
    port: 8000,
    host: '127.0.0.1',
    database: { engine: 'sqlite', path: 'data/challenges.db' },
    sessions: { keys: [], secretKey: undefined },
    webhookSecrets: [],
    model: undefined,
    review: true,
    topics: topicIds,
    poolSize: 3,
    librarySize: 1000,
    generationTimeoutMs: 30_000,
    idleTimeoutSeconds: 75,
    quota: { initial: 50, daily: 10 },
    logLevel: 'info',
  })
})

test.each<[Env, Env]>([
  [{}, {}],
  [{ DATABASE_URL: 'file:data/other.db' }, {}],
  [{ DATABASE_URL: 'postgres://user:password@host/database' }, {}],
  [{ DATABASE_URL: 'file:/srv/app.db' }, { DATABASE_URL: 'file:/srv/app.db' }],
  [{ DATABASE_URL: 'file:other/app.db' }, { DATABASE_URL: `file:${resolve('other/app.db')}` }],
  [{ ALLOWED_ORIGINS: 'https://one.example' }, { ALLOWED_ORIGINS: 'https://one.example' }],
])('for a server with %j, the token command needs %j', (env, variables) => {
  expect(parseConfig(env).tokenVariables).toEqual(variables)
})

test('the configuration registers no string format: the registry is shared with the routes', () => {
  parseConfig({})
  expect([...FormatRegistry.Entries().keys()]).not.toContain('database-url')
})

const names = [
  ...['NODE_ENV', 'PORT', 'HOST', 'DATABASE_URL', 'CLERK_SECRET_KEY', 'JWT_KEY', 'CLERK_JWT_KEY'],
  ...['CLERK_WEBHOOK_SECRET', 'CLERK_WEBHOOK_SIGNING_SECRET', 'OPENAI_API_KEY', 'OPENAI_BASE_URL'],
  ...[
    'OPENAI_MODEL',
    'OPENAI_REASONING_EFFORT',
    'REVIEW',
    'REVEAL',
    'POOL_SIZE',
    'LIBRARY_SIZE',
    'TOPICS',
    'GENERATION_TIMEOUT_MS',
  ],
  ...['QUOTA_INITIAL', 'QUOTA_DAILY', 'IDLE_TIMEOUT_SECONDS', 'LOG_LEVEL'],
]

test.each(names)('an empty %s counts as not set', (name) => {
  expect(parseConfig({ [name]: '' })).toEqual(parseConfig({}))
})

const right: [Env, object][] = [
  [{ PORT: '0' }, { port: 0 }],
  [{ PORT: '65535' }, { port: 65_535 }],
  [{ PORT: ' 8080 ' }, { port: 8080 }],
  [{ HOST: 'localhost' }, { host: 'localhost' }],
  [{ HOST: '::1' }, { host: '::1' }],
  [{ DATABASE_URL: 'file:x.db' }, { database: { engine: 'sqlite', path: 'x.db' } }],
  [{ DATABASE_URL: 'file:./a b/x.db' }, { database: { engine: 'sqlite', path: './a b/x.db' } }],
  [{ DATABASE_URL: 'file:/srv/x.db' }, { database: { engine: 'sqlite', path: '/srv/x.db' } }],
  [{ DATABASE_URL: 'file:///srv/x.db' }, { database: { engine: 'sqlite', path: '/srv/x.db' } }],
  [{ DATABASE_URL: 'postgres://u:p@db/x' }, { database: { engine: 'postgres', url: 'postgres://u:p@db/x' } }],
  [{ DATABASE_URL: 'postgresql://db/x' }, { database: { engine: 'postgres', url: 'postgresql://db/x' } }],
  [{ CLERK_SECRET_KEY: 'sk_test_x' }, { sessions: { keys: [], secretKey: 'sk_test_x' } }],
  [{ CLERK_WEBHOOK_SECRET: secret }, { webhookSecrets: [secret] }],
  [{ CLERK_WEBHOOK_SECRET: ` ${secret}  ${other}\n` }, { webhookSecrets: [secret, other] }],
  [{ CLERK_WEBHOOK_SIGNING_SECRET: other }, { webhookSecrets: [other] }],
  [{ CLERK_WEBHOOK_SECRET: '', CLERK_WEBHOOK_SIGNING_SECRET: other }, { webhookSecrets: [other] }],
  [{ CLERK_WEBHOOK_SECRET: ' ', CLERK_WEBHOOK_SIGNING_SECRET: other }, { webhookSecrets: [other] }],
  [{ CLERK_WEBHOOK_SECRET: secret, CLERK_WEBHOOK_SIGNING_SECRET: other }, { webhookSecrets: [secret] }],
  [{ ALLOWED_ORIGINS: 'https://a.test' }, { allowedOrigins: ['https://a.test'] }],
  [
    { ALLOWED_ORIGINS: 'https://a.test , http://b.test:81,' },
    { allowedOrigins: ['https://a.test', 'http://b.test:81'] },
  ],
  [{ OPENAI_API_KEY: 'sk-x' }, { model: { name: 'gpt-6-luna', apiKey: 'sk-x', baseURL: undefined } }],
  [
    { OPENAI_BASE_URL: 'http://localhost:11434/v1' },
    { model: { baseURL: 'http://localhost:11434/v1', apiKey: expect.stringMatching(/./) } },
  ],
  [{ OPENAI_API_KEY: 'sk-x', OPENAI_MODEL: 'llama3.2:3b' }, { model: { name: 'llama3.2:3b' } }],
  [{ OPENAI_API_KEY: 'sk-x' }, { model: { reasoningEffort: undefined } }],
  [{ OPENAI_API_KEY: 'sk-x', OPENAI_REASONING_EFFORT: 'low' }, { model: { reasoningEffort: 'low' } }],
  [{ OPENAI_MODEL: 'gpt-6-luna' }, { model: undefined }],
  [{ REVIEW: 'off' }, { review: false }],
  [{ TOPICS: 'all' }, { topics: topicIds }],
  [{ TOPICS: ' , ' }, { topics: topicIds }],
  [{ TOPICS: 'sql' }, { topics: ['sql'] }],
  [{ TOPICS: 'sql, python ,,sql' }, { topics: ['python', 'sql'] }],
  [{}, { reveal: 'at_once' }],
  [{ REVEAL: 'after_answer' }, { reveal: 'after_answer' }],
  [{ POOL_SIZE: '0' }, { poolSize: 0 }],
  [{ LIBRARY_SIZE: '0' }, { librarySize: 0 }],
  [{ GENERATION_TIMEOUT_MS: '60000' }, { generationTimeoutMs: 60_000 }],
  [{ IDLE_TIMEOUT_SECONDS: '255' }, { idleTimeoutSeconds: 255 }],
  [{ QUOTA_INITIAL: '0', QUOTA_DAILY: '0' }, { quota: { initial: 0, daily: 0 } }],
  [{ LOG_LEVEL: 'warn' }, { logLevel: 'warn' }],
  [{ NODE_ENV: 'test' }, { production: false }],
  [{ PATH: '/bin', npm_config_port: 'x' }, { port: 8000 }],
]
const written = (env: Env) => Object.entries(env).map(([name, value]) => `${name}=${JSON.stringify(value)}`)

test.each(right.map(([env, expected]) => [written(env).join(' '), env, expected] as const))(
  '%s is read',
  (_, env, expected) => {
    expect(parseConfig(env)).toMatchObject(expected)
  },
)
