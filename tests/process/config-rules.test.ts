import { expect, test } from 'bun:test'
import { parseConfig } from '../../src/config.ts'
import { keys } from '../support/clerk.ts'
import { refusalOf } from '../support/environment-refusal.ts'

type Env = Record<string, string>

const secret = `whsec_${Buffer.alloc(24, 'secret').toString('base64')}`
const session = { JWT_KEY: keys.pem }
const webhook = { CLERK_WEBHOOK_SECRET: secret }
const ai = { OPENAI_API_KEY: 'sk-x' }
const production = { NODE_ENV: 'production' }

test.each<[string, Env]>([
  ['its own names', { ...session, ...webhook, ...ai }],
  ['the other names', { CLERK_JWT_KEY: keys.pem, CLERK_WEBHOOK_SIGNING_SECRET: secret, ...ai }],
  ['a secret key for a session key', { CLERK_SECRET_KEY: 'sk_live_x', ...webhook, ...ai }],
  ['a base URL for an AI', { ...session, ...webhook, OPENAI_BASE_URL: 'http://ollama:11434/v1' }],
])('production starts with %s, and listens on all addresses', (_, env) => {
  expect(parseConfig({ ...production, ...env })).toMatchObject({ production: true, host: '0.0.0.0' })
})

test.each<[string, Env, string[]]>([
  ['anything', {}, ['JWT_KEY', 'CLERK_WEBHOOK_SECRET', 'OPENAI_API_KEY']],
  ['a session key', { ...webhook, ...ai }, ['JWT_KEY']],
  ['a session key, which is empty', { JWT_KEY: '', CLERK_SECRET_KEY: ' ', ...webhook, ...ai }, ['JWT_KEY']],
  ['a webhook secret', { ...session, ...ai }, ['CLERK_WEBHOOK_SECRET']],
  [
    'a webhook secret, which is empty',
    { ...session, CLERK_WEBHOOK_SECRET: '', ...ai },
    ['CLERK_WEBHOOK_SECRET'],
  ],
  ['an AI', { ...session, ...webhook, OPENAI_MODEL: 'gpt-6-luna' }, ['OPENAI_API_KEY']],
  [
    'an AI, which is empty',
    { ...session, ...webhook, OPENAI_API_KEY: '', OPENAI_BASE_URL: '' },
    ['OPENAI_API_KEY'],
  ],
  ['two of them', { ...webhook }, ['JWT_KEY', 'OPENAI_API_KEY']],
])('production without %s is refused, and each missing variable is named', (_, env, missing) => {
  const faults = refusalOf({ ...production, ...env })

  expect(faults.map((fault) => fault.split(' ')[0])).toEqual(missing)
})

test('missing and invalid variables are named together', () => {
  const namesOf = (env: Env) => refusalOf(env).map((fault) => fault.split(' ')[0])

  expect(namesOf({ ...production, PORT: 'http', REVIEW: 'maybe' }).sort()).toEqual([
    'CLERK_WEBHOOK_SECRET',
    'JWT_KEY',
    'OPENAI_API_KEY',
    'PORT',
    'REVIEW',
  ])
  expect(namesOf({ HOST: '0.0.0.0', PORT: 'http' }).sort()).toEqual(['HOST', 'PORT'])
})

test('HOST may be a loopback address in production, and any address in development with keys', () => {
  const all = { ...session, ...webhook, ...ai }

  expect(parseConfig({ ...production, ...all, HOST: '127.0.0.1' }).host).toBe('127.0.0.1')
  expect(parseConfig({ ...session, ...webhook, HOST: '0.0.0.0' }).host).toBe('0.0.0.0')
  expect(parseConfig({ CLERK_SECRET_KEY: 'sk_test_x', ...webhook, HOST: '::' }).host).toBe('::')
})

test.each(['localhost', '127.0.0.1', '127.8.9.10', '::1', '[::1]'])(
  'the development identity is used on %s',
  (HOST) => {
    expect(parseConfig({ HOST }).host).toBe(HOST.replace(/[[\]]/g, ''))
  },
)

const elsewhere = [
  '0.0.0.0',
  '::',
  '[::]',
  '192.168.1.5',
  'example.test',
  '127.0.0.1.evil.test',
  'localhost.evil.test',
  '1127.0.0.1',
  '::ffff:192.168.1.5',
]

const halves: Env[] = [{}, session, webhook, { CLERK_SECRET_KEY: 'sk_test_x' }, { ...webhook, JWT_KEY: '' }]

test.each(elsewhere)(
  'the development identity is not used on %s, neither for sessions nor for webhooks',
  (HOST) => {
    for (const half of halves) {
      const faults = refusalOf({ ...half, HOST })

      expect(faults).toEqual([
        expect.stringMatching(/^HOST must be a loopback address .*JWT_KEY.*CLERK_WEBHOOK_SECRET/),
      ])
      expect(faults[0]).not.toContain(HOST)
    }
  },
)
