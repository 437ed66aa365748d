import { expect, test } from 'bun:test'
import { topicIds } from '../../src/topics.ts'
import { refusalOf } from '../support/environment-refusal.ts'

const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 'secret').toString('base64')}`
const [short, secret, other] = [secretOf(23), secretOf(24), secretOf(32)]

const wrong: Record<string, string[]> = {
  NODE_ENV: ['"production"', 'in production'],
  PORT: ['65536', '-1', '80.5', '8e3', '0x1F90', 'http', '8000 9000', '99999999999999999999', '٣٠٠٠'],
  HOST: ['my host', 'http://localhost', 'localhost/x', 'user@host'],
  DATABASE_URL: [
    'postgres://u:p%ss@host/x',
    'postgres://u:p#w@host/x',
    'postgres://u:p@host/x?pgbouncer=TRUE',
    'postgres://u:p@host/x?pgbouncer=maybe',
    'postgres://u:p@db:port/x',
    'file:',
    'data.db',
    './x.db',
    'sqlite:x.db',
    'mysql://u:hunter22@db/x',
    'postgres://',
    'https://db/x',
    'file://data/x.db',
    'file:///srv%2Fx.db',
    'file:///srv/%00x.db',
    'file:x.db?mode=ro',
    'file:///srv/x.db?mode=ro',
    'file:///srv/x.db#x',
    'file::memory:?cache=shared',
  ],
  CLERK_SECRET_KEY: ['sk_test_x sk_test_y', 'pk_live_abcdef', '"sk_live_abcdef"', 'sk_live_abcdef\u200b'],
  OPENAI_API_KEY: ['sk-a sk-b', '"sk-abcdef"', 'sk-abcdef\u200b', 'sk-abcdéf'],
  OPENAI_MODEL: ['"gpt-6-luna"'],
  CLERK_WEBHOOK_SECRET: [
    'whsec_',
    'whsec_AAAA',
    secret.slice(6),
    short,
    'whsec_!!!!',
    `${secret} ${short}`,
    `${secret},${other}`,
  ],
  CLERK_WEBHOOK_SIGNING_SECRET: ['hunter22hunter22hunter22hunter22'],
  ALLOWED_ORIGINS: [
    '',
    ' ',
    ',',
    '*',
    'null',
    'https://a.test/',
    'https://a.test/app',
    'a.test',
    'localhost:5173',
    'ftp://a.test',
    'https://*.a.test',
    'https://a.test https://b.test',
    'https://a.test,nonsense',
    'https://u:p@a.test',
    'https://A.test',
    'https://a.test:443',
    'https://a.test?x',
    'chrome-extension://',
    'chrome-extension://*',
    'chrome-extension://abc/',
    'chrome-extension://abc/popup.html',
    'capacitor://localhost#x',
    'capacitor://u:p@localhost',
    'tauri:localhost',
    'Tauri://localhost',
    'file://',
    'file:///srv',
    'about:blank',
    'htps://a.test',
  ],
  OPENAI_BASE_URL: ['localhost:11434/v1', 'api.openai.com', 'file:///v1', '/v1'],
  OPENAI_REASONING_EFFORT: ['very high', '1'],
  REVIEW: ['yes', 'true', 'ON', 'on off'],
  REVEAL: ['AT_ONCE', 'never', 'on', 'after-answer'],
  POOL_SIZE: ['-1', '2.5', 'many', '1e2'],
  LIBRARY_SIZE: ['-1', '0.5', '1000001', 'off'],
  TOPICS: ['cobol', 'python,cobol', 'python sql', 'Python', 'all,sql', 'constructor', 'python;sql'],
  IDLE_TIMEOUT_SECONDS: ['0', '256', '-1', '75s', '7.5'],
  STOP_DELAY_SECONDS: ['-1', '301', '5s', '0.5'],
  GENERATION_TIMEOUT_MS: ['0', '-5', '30s', '1e9', 'Infinity'],
  QUOTA_INITIAL: ['-1', '1.5', 'fifty', 'NaN'],
  QUOTA_DAILY: ['-1', '1.5', 'ten', '10,5'],
  LOG_LEVEL: ['verbose', 'INFO', 'info,warn'],
}
const faults = Object.entries(wrong).flatMap(([name, values]) =>
  values.map((value) => [name, value] as const),
)

test.each(faults)('%s=%p is refused with the name of the variable, and without its value', (name, value) => {
  const lines = refusalOf({ [name]: value })

  // A variable with two names is reported under the documented one.
  expect(lines).not.toBeEmpty()
  for (const line of lines) expect(line).toMatch(new RegExp(`^${name.replace('SIGNING_', '')} must .*\\.$`))
  if (isTelling(value)) expect(lines.join('\n')).not.toContain(value)
})

test.each(['"', "'"])('the refusal of a value in the quotes %s says so', (quote) => {
  const env = {
    ALLOWED_ORIGINS: 'https://a.test',
    DATABASE_URL: 'file:x.db',
    NODE_ENV: 'production',
    PORT: '80',
  }
  for (const [name, value] of Object.entries(env)) {
    expect(refusalOf({ [name]: `${quote}${value}${quote}` })[0]).toMatch(
      new RegExp(`^${name} must be .*, without quotes\\.$`),
    )
  }
})

test('the refusal of a topic lists the topics', () => {
  expect(refusalOf({ TOPICS: 'cobol' })[0]).toContain(`some of: ${topicIds.join(', ')};`)
})

// biome-ignore format: one name a line would make the file too long.
const everything = [
  'PORT', 'HOST', 'DATABASE_URL', 'JWT_KEY', 'CLERK_SECRET_KEY', 'CLERK_WEBHOOK_SECRET', 'ALLOWED_ORIGINS',
  'OPENAI_BASE_URL', 'OPENAI_REASONING_EFFORT', 'REVIEW', 'REVEAL', 'POOL_SIZE', 'LIBRARY_SIZE', 'TOPICS',
  'GENERATION_TIMEOUT_MS', 'QUOTA_INITIAL', 'QUOTA_DAILY', 'IDLE_TIMEOUT_SECONDS', 'STOP_DELAY_SECONDS', 'LOG_LEVEL',
]

test.each(['production', 'development'])(
  'in %s the refusal names all invalid variables, and no value',
  (NODE_ENV) => {
    const env = Object.fromEntries(everything.map((name) => [name, 'Hunter 22/']))

    const lines = refusalOf({ ...env, NODE_ENV })

    expect(new Set(lines.map((line) => line.split(' ')[0]))).toEqual(new Set(everything))
    expect(lines.join('\n')).not.toMatch(/hunter|22/i)
  },
)

/** Whether a value is long enough to look for, and not a part of the documented form. */
function isTelling(value: string): boolean {
  return value.trim().length > 3 && !['file:', 'postgres://', 'whsec_'].includes(value)
}
