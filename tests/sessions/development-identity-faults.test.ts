import { expect, setDefaultTimeout, test } from 'bun:test'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadDevelopmentIdentity } from '../../src/clerk/identity.ts'
import { token } from '../../src/commands/token.ts'
import { webhook } from '../../src/commands/webhook.ts'
import { keys, webhookSecret } from '../support/clerk.ts'
import { runHere } from '../support/command.ts'
import { temporaryFolder } from '../support/folder.ts'
import { runToEnd } from '../support/process.ts'

setDefaultTimeout(60_000)

const fileName = 'development-identity.json'
const variables = (folder: string, more: Record<string, string> = {}) => ({
  PORT: '0',
  DATABASE_URL: `file:${join(folder, 'challenges.db')}`,
  ...more,
})

const oneSentence = /^[^\n]{10,400}\.\n$/
const privateKey = keys.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
const whole = { privateKey, publicKey: keys.pem, webhookSecret }

test('an identity file that is complete is accepted', () => {
  using folder = temporaryFolder()
  writeFileSync(join(folder.path, fileName), JSON.stringify(whole))

  expect(loadDevelopmentIdentity(folder.path)).toEqual(whole)
})

test.each([
  ['is empty', ''],
  ['is no JSON', 'privateKey: secret'],
  ['breaks off', JSON.stringify(whole).slice(0, -60)],
  ['says null', 'null'],
  ['is a list', '[]'],
  ['lacks everything', '{}'],
  ['lacks the webhook secret', JSON.stringify({ ...whole, webhookSecret: undefined })],
  ['has a number for a key', JSON.stringify({ ...whole, privateKey: 1 })],
  ['has a word for the private key', JSON.stringify({ ...whole, privateKey: 'secret' })],
  ['has a word for the public key', JSON.stringify({ ...whole, publicKey: 'secret' })],
  ['has half a private key', JSON.stringify({ ...whole, privateKey: privateKey.slice(0, 900) })],
  ['has a webhook secret that is none', JSON.stringify({ ...whole, webhookSecret: 'whsec_!' })],
])('an identity file that %s is refused in one sentence, and does not change', (_, content) => {
  using folder = temporaryFolder()
  const path = join(folder.path, fileName)
  writeFileSync(path, content)

  const message = messageOf(() => loadDevelopmentIdentity(folder.path))

  expect(message).toMatch(/^[^\n]{10,400}\.$/)
  expect(message).toContain(path)
  expect(message).not.toContain('PRIVATE KEY')
  expect(readFileSync(path, 'utf8')).toBe(content)
  expect(readdirSync(folder.path)).toEqual([fileName])
})

test('a folder in place of the identity file is refused in one sentence, and no file is created', () => {
  using folder = temporaryFolder()
  mkdirSync(join(folder.path, fileName))

  const message = messageOf(() => loadDevelopmentIdentity(folder.path))

  expect(message).toMatch(/^[^\n]{10,400}\.$/)
  expect(message).toContain(fileName)
  expect(readdirSync(folder.path)).toEqual([fileName])
})

test('a server with a broken identity file exits with one sentence and code 1', async () => {
  using folder = temporaryFolder()
  writeFileSync(join(folder.path, fileName), 'broken')

  const { stdout, stderr, exitCode } = await runToEnd({ cwd: folder.path, env: variables(folder.path) })

  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
  expect(stderr).toMatch(oneSentence)
  expect(stderr).toContain(fileName)
})

test.each([
  ['token', token, []],
  ['webhook', webhook, ['user.created', 'user_1']],
])('`%s` with a broken identity file fails with one sentence', async (_, command, args) => {
  using folder = temporaryFolder()
  writeFileSync(join(folder.path, fileName), 'broken')

  const { stdout, failure } = await runHere(command, args, variables(folder.path))

  expect(stdout).toBe('')
  expect(failure).toMatch(/^[^\n]{10,400}\.$/)
  expect(failure).toContain(fileName)
})

const production = { NODE_ENV: 'production', CLERK_WEBHOOK_SECRET: webhookSecret, OPENAI_API_KEY: 'sk-x' }

test.each<[string, Record<string, string>]>([
  ['with JWT_KEY', { JWT_KEY: keys.pem }],
  ['with CLERK_JWT_KEY', { CLERK_JWT_KEY: keys.pem }],
  ['with CLERK_SECRET_KEY', { CLERK_SECRET_KEY: 'sk_test_x' }],
  ['in production', { ...production, JWT_KEY: keys.pem }],
  ['in production with the secret key alone', { ...production, CLERK_SECRET_KEY: 'sk_live_x' }],
])('%s `token` fails with one sentence, and creates no identity', async (_, env) => {
  using folder = temporaryFolder()

  const { stdout, failure } = await runHere(token, [], variables(folder.path, env))

  expect(stdout).toBe('')
  expect(failure).toMatch(/^[^\n]{10,400}\.$/)
  expect(readdirSync(folder.path)).toEqual([])
})

test.each<[string, Record<string, string>]>([
  ['in production', production],
  ['for the webhooks alone, on a host that is not loopback', { HOST: '0.0.0.0', JWT_KEY: keys.pem }],
])('the development identity is not created %s', async (_, env) => {
  using folder = temporaryFolder()

  const { stdout, stderr, exitCode } = await runToEnd({ cwd: folder.path, env: variables(folder.path, env) })

  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
  expect(stderr).toMatch(/\.\n$/)
  expect(stderr).not.toMatch(/\n\s+at /)
  expect(readdirSync(folder.path)).toEqual([])
})

test.each(['', 'user 1', 'user_1\nuser_2'])('`token` refuses the user id %p', async (userId) => {
  using folder = temporaryFolder()

  const { stdout, failure } = await runHere(token, [userId], variables(folder.path))

  expect(stdout).toBe('')
  expect(failure).toMatch(/^[^\n]{10,400}\.$/)
})

/** The message of the error that `work` throws. */
function messageOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  throw new Error('Nothing was thrown.')
}
