import { expect, setDefaultTimeout, test } from 'bun:test'
import { webhook as webhookCommand } from '../../src/commands/webhook.ts'
import { newWebhookSecret, webhookSecret } from '../support/clerk.ts'
import { runHere } from '../support/command.ts'
import { readTables } from '../support/database.ts'
import { temporaryFolder } from '../support/folder.ts'
import { runToEnd } from '../support/process.ts'
import { startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

const portOf = (url: string) => new URL(url).port

/** Runs `webhook` with these arguments in an empty folder. */
async function webhook(words: string[], env: Record<string, string>) {
  using folder = temporaryFolder()
  return await runToEnd({ args: ['webhook', ...words], cwd: folder.path, env })
}

test('a delivery that `webhook` signs with the development identity is accepted', async () => {
  await using server = await startServer({ env: { CLERK_WEBHOOK_SECRET: '' } })
  const env = { DATABASE_URL: `file:${server.path}`, PORT: portOf(server.url) }
  const acknowledged = { exitCode: 0, stderr: '', stdout: '200 {"status":"success"}\n' }

  expect(await webhook(['user.created', 'user_1'], env)).toMatchObject(acknowledged)
  expect(readTables(server).quotas).toMatchObject([{ user_id: 'user_1' }])

  expect(await webhook(['user.deleted', 'user_1'], env)).toMatchObject(acknowledged)
  expect(readTables(server)).toEqual({ challenges: [], quotas: [] })
})

test('`webhook` signs with the first configured secret, under either name of the variable', async () => {
  await using server = await startServer()
  const PORT = portOf(server.url)

  for (const [name, secrets] of [
    ['CLERK_WEBHOOK_SIGNING_SECRET', webhookSecret],
    ['CLERK_WEBHOOK_SECRET', `${webhookSecret} ${newWebhookSecret()}`],
  ] as const) {
    expect(await webhook(['user.created', 'user_1'], { [name]: secrets, PORT })).toMatchObject({
      exitCode: 0,
      stderr: '',
    })
  }

  expect(readTables(server).quotas).toMatchObject([{ user_id: 'user_1' }])
})

test('`webhook` prints a refusal, and fails with one sentence', async () => {
  await using server = await startServer()
  const env = { PORT: portOf(server.url), CLERK_WEBHOOK_SECRET: newWebhookSecret() }

  const { stdout, stderr, exitCode } = await webhook(['user.created', 'user_1'], env)

  expect(exitCode).toBe(1)
  expect(stdout).toMatch(/^401 \{.*"code":"invalid_signature".*\}\n$/)
  expect(stderr).toMatch(/^The server refused the signature: [^\n]*CLERK_WEBHOOK_SECRET[^\n]*\.\n$/)
  expect(readTables(server)).toEqual({ challenges: [], quotas: [] })
})

test('`webhook` fails with one sentence when no server answers', async () => {
  const silent = Bun.listen({
    hostname: '127.0.0.1',
    port: 0,
    socket: { open: (socket) => socket.terminate(), data() {} },
  })
  const PORT = String(silent.port)

  const { stdout, stderr, exitCode } = await webhook(['user.created', 'user_1'], {
    PORT,
    CLERK_WEBHOOK_SECRET: newWebhookSecret(),
  })
  silent.stop(true)

  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
  expect(stderr).toMatch(/^[^\n]{10,200}\.\n$/)
  expect(stderr).toContain(PORT)
})

test.each([
  [['user.created', 'user 1'], 'The user id must be 1 to'],
  [['user.created', 'mch_1'], 'The user id must be 1 to'],
])('`webhook` refuses a wrong argument before it sends anything: %p', async (words, sentence) => {
  const { stdout, failure } = await runHere(webhookCommand, words, {
    PORT: '1',
    CLERK_WEBHOOK_SECRET: newWebhookSecret(),
  })

  expect(stdout).toBe('')
  expect(failure).toStartWith(sentence)
})
