import { expect, setDefaultTimeout, test } from 'bun:test'
import { createPrivateKey } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { decodeJwt } from 'jose'
import { token } from '../../src/commands/token.ts'
import { sessionToken, svixHeaders, userEvent, webhookSecret } from '../support/clerk.ts'
import { findUser } from '../support/client.ts'
import { runHere } from '../support/command.ts'
import { temporaryFolder } from '../support/folder.ts'
import { runToEnd } from '../support/process.ts'
import { type Server, startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

const fileName = 'development-identity.json'

/** Runs a command of the program with the database in `folder`. */
const run = (folder: string, args: string[], env: Record<string, string> = {}) =>
  runToEnd({ args, cwd: folder, env: { DATABASE_URL: `file:${join(folder, 'challenges.db')}`, ...env } })

const fileIn = (folder: string) => readFileSync(join(folder, fileName), 'utf8')
const identityIn = (folder: string) => JSON.parse(fileIn(folder))

async function deliver(server: Server, secret: string): Promise<number> {
  const body = userEvent('user.created', 'user_1')
  return (
    await server.fetch('/webhooks/clerk', { method: 'POST', headers: svixHeaders(body, { secret }), body })
  ).status
}

test('the identity is kept, so that tokens are accepted after a restart', async () => {
  using folder = temporaryFolder()
  const env = { JWT_KEY: '', DATABASE_URL: `file:${join(folder.path, 'challenges.db')}` }
  const { stdout } = await runHere(token, [], env)
  const before = fileIn(folder.path)

  for (let start = 0; start < 2; start++) {
    await using server = await startServer({ env })
    expect(await findUser(server, stdout.trim())).toBe('user_dev')
  }

  expect(fileIn(folder.path)).toBe(before)
})

test('`token` prints only a token for the first allowed origin, which only the server with that identity accepts', async () => {
  const origins = { ALLOWED_ORIGINS: 'https://a.test,https://b.test' }
  await using server = await startServer({ env: { JWT_KEY: '', CLERK_WEBHOOK_SECRET: '', ...origins } })
  await using other = await startServer({ env: { JWT_KEY: '', CLERK_WEBHOOK_SECRET: '', ...origins } })

  const { stdout, stderr, exitCode } = await run(dirname(server.path), ['token', 'user_7'], origins)

  expect([exitCode, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
  const { azp, exp = 0 } = decodeJwt(stdout)
  expect(azp).toBe('https://a.test')
  expect(exp - Date.now() / 1000).toBeWithin(86_000, 86_401)
  expect(await findUser(server, stdout.trim())).toBe('user_7')
  expect(await findUser(other, stdout.trim())).toBe(401)
})

test.each([
  ['a name with a space', ['user 1'], 'The user id must be 1 to 255 printable'],
  ['a machine', ['mch_1'], 'not beginning with mch_'],
])('`token` refuses %s in one sentence', async (_, args, words) => {
  using folder = temporaryFolder()
  const { stdout, failure } = await runHere(token, args, {
    DATABASE_URL: `file:${join(folder.path, 'challenges.db')}`,
  })
  expect(stdout).toBe('')
  expect(failure).toContain(words)
  expect(failure).not.toContain('\n')
})

test.each(['typo', 'file'])('the folder of a mistyped database path is not created: %s', async (name) => {
  using folder = temporaryFolder()
  writeFileSync(join(folder.path, 'file'), '')
  const env = { DATABASE_URL: `file:${join(folder.path, name, 'challenges.db')}` }
  const { stdout, failure } = await runHere(token, [], env)
  expect(stdout).toBe('')
  expect(failure).toContain(`/${name}, which DATABASE_URL names:`)
  expect(readdirSync(folder.path)).toEqual(['file'])
})

test('the folder of the default path is created, also when the path is spelled ./data', async () => {
  using folder = temporaryFolder()
  const { exitCode } = await run(folder.path, ['token'], { DATABASE_URL: 'file:./data/challenges.db' })
  expect(exitCode).toBe(0)
  expect(readdirSync(join(folder.path, 'data'))).toEqual([fileName])
})

test('sessions of the identity are refused when they are expired, of another origin or signed by another key', async () => {
  await using server = await startServer({ env: { JWT_KEY: '' } })
  const key = createPrivateKey(identityIn(dirname(server.path)).privateKey)

  expect(await findUser(server, await sessionToken('user_1', { key }))).toBe('user_1')
  expect(await findUser(server, await sessionToken('user_1', { key, seconds: -10 }))).toBe(401)
  expect(
    await findUser(server, await sessionToken('user_1', { key, claims: { azp: 'https://evil.test' } })),
  ).toBe(401)
  expect(await findUser(server, await sessionToken('user_1'))).toBe(401)
})

test('the identity replaces only the key or secret that is not configured', async () => {
  await using withKey = await startServer({ env: { CLERK_WEBHOOK_SECRET: '' } })
  await using withSecret = await startServer({ env: { JWT_KEY: '' } })
  await using withBoth = await startServer()
  const [first, second] = [withKey, withSecret].map((server) => identityIn(dirname(server.path)))

  expect(await findUser(withKey, await sessionToken('user_1'))).toBe('user_1')
  expect(
    await findUser(withKey, await sessionToken('user_1', { key: createPrivateKey(first.privateKey) })),
  ).toBe(401)
  expect([await deliver(withKey, first.webhookSecret), await deliver(withKey, webhookSecret)]).toEqual([
    200, 401,
  ])
  expect([await deliver(withSecret, second.webhookSecret), await deliver(withSecret, webhookSecret)]).toEqual(
    [401, 200],
  )
  expect(readdirSync(dirname(withBoth.path))).not.toContain(fileName)
})
