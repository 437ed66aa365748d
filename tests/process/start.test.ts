import { expect, setDefaultTimeout, test } from 'bun:test'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { version } from '../../package.json'
import { keys, webhookSecret } from '../support/clerk.ts'
import { moveResetsBack } from '../support/database.ts'
import { temporaryFolder } from '../support/folder.ts'
import { runToEnd, startProcess } from '../support/process.ts'
import { startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

const noKeys = { PORT: '0' }
const production = {
  PORT: '0',
  NODE_ENV: 'production',
  JWT_KEY: keys.pem,
  CLERK_WEBHOOK_SECRET: webhookSecret,
  OPENAI_API_KEY: 'sk-test-0123456789abcdef',
}

test('the server serves in an empty folder without keys, and logs the embedded parts', async () => {
  using folder = temporaryFolder()
  await using server = await startProcess({ cwd: folder.path, env: noKeys })
  const said = server.log().map(({ msg }) => msg)
  for (const part of ['sessions', 'webhooks', 'bank']) {
    expect(said.filter((line) => line.startsWith(`development mode, ${part}:`))).toHaveLength(1)
  }

  const env = { PORT: String(server.port) }
  const token = await runToEnd({ cwd: folder.path, env, args: ['token', 'user_1'] })
  const headers = { authorization: `Bearer ${token.stdout.trim()}`, 'content-type': 'application/json' }
  const body = '{"difficulty":"hard"}'
  const answer = await server.fetch('/api/generate-challenge', { method: 'POST', headers, body })
  expect(await answer.json()).toMatchObject({ difficulty: 'hard', source: 'bank' })

  const event = await runToEnd({ cwd: folder.path, env, args: ['webhook', 'user.created', 'user_2'] })
  expect(event).toMatchObject({ exitCode: 0, stdout: '200 {"status":"success"}\n' })
  expect(statSync(join(folder.path, 'data/development-identity.json')).mode & 0o777).toBe(0o600)
})

test.each<[part: string, env: Record<string, string>, fallbacks: RegExp[]]>([
  ['sessions', { CLERK_WEBHOOK_SECRET: '' }, [/^webhooks:/, /^bank:/]],
  ['webhooks', { JWT_KEY: '' }, [/^sessions:/, /^bank:/]],
  ['bank', { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' }, []],
])('a configured part is not replaced: %s', async (_, env, fallbacks) => {
  await using server = await startServer({ env })
  expect(server.fallbacks).toEqual(fallbacks.map((words) => expect.stringMatching(words)))
})

test('a second server on the same port fails with one sentence, and neither writes into the working folder', async () => {
  using folder = temporaryFolder()
  using elsewhere = temporaryFolder()
  const env = { DATABASE_URL: `file:${join(elsewhere.path, 'challenges.db')}` }
  await using first = await startProcess({ cwd: folder.path, env: { ...noKeys, ...env } })
  const second = await runToEnd({ cwd: folder.path, env: { PORT: String(first.port), ...env } })
  expect(second).toMatchObject({ exitCode: 1, stdout: '' })
  expect(second.stderr).toMatch(
    new RegExp(`^[^\\n]*${first.port}[^\\n]*another program listens[^\\n]*set PORT[^\\n]*\\n$`),
  )
  expect((await first.fetch('/ready')).status).toBe(200)
  expect(readdirSync(folder.path)).toEqual([])
})

test('every invalid variable is named at once, without its value, and no file is created', async () => {
  using folder = temporaryFolder()
  const faulty = {
    PORT: '80a5',
    DATABASE_URL: 'mysql://root:hunter2@db/x',
    CLERK_WEBHOOK_SECRET: 'whsec_c2hvcnQ=',
    JWT_KEY: 'not-a-key-c1d2e3',
    ALLOWED_ORIGINS: '',
    LOG_LEVEL: 'loud-a1b2',
    POOL_SIZE: '-17',
    QUOTA_DAILY: '1e7',
    REVIEW: 'perhaps-f9',
    GENERATION_TIMEOUT_MS: 'soon-77',
  }
  const { exitCode, stdout, stderr } = await runToEnd({ cwd: folder.path, env: faulty })
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
  for (const [name, value] of Object.entries(faulty)) {
    expect(stderr).toMatch(new RegExp(`^ *${name} must be `, 'm'))
    if (value) expect(stderr).not.toContain(value)
  }
  expect(stderr).not.toContain('hunter2')
  expect(stderr).not.toMatch(/^\s+at /m)
  expect(readdirSync(folder.path)).toEqual([])
})

test('production with its keys listens on all addresses, without embedded parts, and names its settings in one line', async () => {
  using folder = temporaryFolder()
  const settings = { ALLOWED_ORIGINS: 'https://a.test,https://b.test', TOPICS: 'sql,python', REVIEW: 'off' }
  await using server = await startProcess({ cwd: folder.path, env: { ...production, ...settings } })
  expect(server.log()).toEqual([
    {
      level: 'info',
      time: expect.any(String),
      port: server.port,
      version,
      host: '0.0.0.0',
      database: 'sqlite',
      model: 'gpt-6-luna',
      review: 'off',
      origins: ['https://a.test', 'https://b.test'],
      topics: ['python', 'sql'],
      msg: `listening on http://0.0.0.0:${server.port}/`,
    },
  ])
  expect(readdirSync(join(folder.path, 'data'))).not.toContain('development-identity.json')
})

test('a .env file in the working folder is read, and the environment takes precedence', async () => {
  using folder = temporaryFolder()
  writeFileSync(join(folder.path, '.env'), `QUOTA_INITIAL=7\nQUOTA_DAILY=5\nJWT_KEY="${keys.pem}"\n`)
  await using server = await startProcess({ cwd: folder.path, env: { ...noKeys, QUOTA_INITIAL: '8' } })
  // The key of the session comes from the .env file.
  expect((await server.quota('user_1')).body.quota_remaining).toBe(8)
  moveResetsBack(join(folder.path, 'data/challenges.db'), ['user_1'])
  expect((await server.quota('user_1')).body.quota_remaining).toBe(5)
})
