import { expect, test } from 'bun:test'
import { parseConfig } from '../../src/config.ts'
import { keys, webhookSecret } from '../support/clerk.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startProcess } from '../support/process.ts'

type Env = Record<string, string>

const correct = {
  NODE_ENV: 'production',
  JWT_KEY: keys.pem,
  CLERK_WEBHOOK_SECRET: webhookSecret,
  OPENAI_API_KEY: 'sk-x',
  ALLOWED_ORIGINS: 'https://app.example.com',
}
const model = (OPENAI_BASE_URL: string) => ({ OPENAI_BASE_URL })
const database = (DATABASE_URL: string) => ({ DATABASE_URL })

const warningsOf = (env: Env) =>
  parseConfig(
    Object.fromEntries(Object.entries({ ...correct, ...env }).filter(([, value]) => value !== 'unset')),
  ).warnings

test.each<Env>([
  {},
  { CLERK_SECRET_KEY: 'sk_live_x' },
  { ALLOWED_ORIGINS: 'https://localhost' },
  { ALLOWED_ORIGINS: 'http://tauri.localhost' },
  { ALLOWED_ORIGINS: 'https://app.example.com,http://localhost:5173' },
  ...[
    'http://ollama:11434/v1',
    'http://vllm.models/v1',
    'http://my-vllm/v1',
    'http://vllm.models.svc.cluster.local/v1',
  ].map(model),
  ...['http://127.0.0.1:8080/v1', 'http://10.1.2.3/v1', 'http://[fd00::1]/v1', 'http://100.64.1.2/v1'].map(
    model,
  ),
  ...['https://api.example.com/v1', 'http://gpu.example.internal/v1', 'http://172.31.0.1/v1'].map(model),
  ...['postgres://u:p@db/x', 'postgres://u:p@localhost/x', 'postgres:///x?host=/run'].map(database),
  ...['require', 'verify-ca', 'verify-full', 'Require', 'VERIFY-FULL'].map((mode) =>
    database(`postgres://u:p@db.example.com/x?sslmode=${mode}`),
  ),
  { ...database('postgres://u:p@db.example.com/x'), PGSSLMODE: 'require' },
])('production with %j has no warning', (env) => {
  expect(warningsOf(env)).toEqual([])
})

test.each<[Env, RegExp[]]>([
  [{ ALLOWED_ORIGINS: 'unset' }, [/^ALLOWED_ORIGINS is not set: .*5173/]],
  [
    { ALLOWED_ORIGINS: 'http://localhost:5173,http://127.0.0.1:3000' },
    [/^ALLOWED_ORIGINS names development/],
  ],
  [{ CLERK_SECRET_KEY: 'sk_test_hunter22' }, [/^CLERK_SECRET_KEY is a test key \(sk_test_…\)/]],
  [model('http://api.example.com/v1'), [/^OPENAI_BASE_URL is http /]],
  [model('http://example.com/v1'), [/^OPENAI_BASE_URL is http /]],
  [model('http://example.io/v1'), [/^OPENAI_BASE_URL is http /]],
  [database('postgres://u:hunter22@example.net/x'), [/^DATABASE_URL has no sslmode=require /]],
  [model('http://8.8.8.8/v1'), [/^OPENAI_BASE_URL is http /]],
  [model('http://172.32.0.1/v1'), [/^OPENAI_BASE_URL is http /]],
  [model('http://[2001:db8::1]/v1'), [/^OPENAI_BASE_URL is http /]],
  [database('postgres://u:hunter22@db.example.com/x'), [/^DATABASE_URL has no sslmode=require /]],
  [
    database('postgres://u:hunter22@db.example.com/x?sslmode=prefer'),
    [/^DATABASE_URL has no sslmode=require /],
  ],
  [
    { ALLOWED_ORIGINS: 'unset', CLERK_SECRET_KEY: 'sk_test_x', ...model('http://8.8.8.8/') },
    [/^ALLOWED_ORIGINS/, /^CLERK_SECRET_KEY/, /^OPENAI_BASE_URL/],
  ],
])('production with %j has warnings that name the variables, and no value', (env, expected) => {
  const warnings = warningsOf(env)

  expect(warnings).toEqual(expected.map((words) => expect.stringMatching(words)))
  for (const warning of warnings) expect(warning).toMatch(/^[^\n]+\.$/)
  expect(warnings.join()).not.toMatch(/hunter22|8\.8\.8\.8|db\.example/)
})

test.each(['prod', 'Production', 'PRODUCTION', 'prd', 'produktion'])(
  'NODE_ENV=%s is development mode with a warning',
  (NODE_ENV) => {
    expect(parseConfig({ NODE_ENV }).production).toBe(false)
    expect(parseConfig({ NODE_ENV }).warnings).toEqual([
      expect.stringMatching(/^NODE_ENV is not exactly "production", so this is development mode/),
    ])
  },
)

test.each(['development', 'test', 'staging', ''])('NODE_ENV=%s has no warning', (NODE_ENV) => {
  expect(parseConfig({ NODE_ENV, CLERK_SECRET_KEY: 'sk_test_x' }).warnings).toEqual([])
})

test('NODE_ENV with blanks around it is production', () => {
  expect(parseConfig({ ...correct, NODE_ENV: ' production ' })).toMatchObject({
    production: true,
    warnings: [],
  })
})

test('a start logs each warning in one line', async () => {
  using folder = temporaryFolder()
  await using server = await startProcess({ cwd: folder.path, env: { PORT: '0', NODE_ENV: 'prod' } })

  const warnings = server.log().filter(({ level }) => level === 'warn')

  expect(warnings.map(({ msg }) => msg)).toEqual(parseConfig({ NODE_ENV: 'prod' }).warnings)
})
