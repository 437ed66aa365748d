import { expect, setDefaultTimeout, test } from 'bun:test'
import { webhook as webhookCommand } from '../../src/commands/webhook.ts'
import { newWebhookSecret, webhookSecret } from '../support/clerk.ts'
import { runHere } from '../support/command.ts'
import { readTables } from '../support/database.ts'
import { startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

const portOf = (url: string) => new URL(url).port

// `tests/process/start.test.ts` runs the command in a process.
const webhook = (words: string[], env: Record<string, string>) => runHere(webhookCommand, words, env)

test('a delivery that `webhook` signs with the development identity is accepted', async () => {
  await using server = await startServer({ env: { CLERK_WEBHOOK_SECRET: '' } })
  const env = { DATABASE_URL: `file:${server.path}`, PORT: portOf(server.url) }
  const acknowledged = { failure: undefined, stdout: '200 {"status":"success"}\n' }

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
    const { failure } = await webhook(['user.created', 'user_1'], { [name]: secrets, PORT })
    expect(failure).toBeUndefined()
  }

  expect(readTables(server).quotas).toMatchObject([{ user_id: 'user_1' }])
})

test('`webhook` prints a refusal, and fails with one sentence', async () => {
  await using server = await startServer()
  const env = { PORT: portOf(server.url), CLERK_WEBHOOK_SECRET: newWebhookSecret() }

  const { stdout, failure } = await webhook(['user.created', 'user_1'], env)

  expect(stdout).toMatch(/^401 \{.*"code":"invalid_signature".*\}\n$/)
  expect(failure).toMatch(/^The server refused the signature: [^\n]*CLERK_WEBHOOK_SECRET[^\n]*\.$/)
  expect(readTables(server)).toEqual({ challenges: [], quotas: [] })
})

test('`webhook` fails with one sentence when no server answers', async () => {
  const silent = Bun.listen({
    hostname: '127.0.0.1',
    port: 0,
    socket: { open: (socket) => socket.terminate(), data() {} },
  })
  const PORT = String(silent.port)

  const { stdout, failure } = await webhook(['user.created', 'user_1'], {
    PORT,
    CLERK_WEBHOOK_SECRET: newWebhookSecret(),
  })
  silent.stop(true)

  expect(stdout).toBe('')
  expect(failure).toMatch(/^[^\n]{10,200}\.$/)
  expect(failure).toContain(PORT)
})

test.each([
  [['user.created', 'user 1'], 'The user id must be 1 to'],
  [['user.created', 'mch_1'], 'The user id must be 1 to'],
])('`webhook` refuses a wrong argument before it sends anything: %p', async (words, sentence) => {
  const { stdout, failure } = await webhook(words, {
    PORT: '1',
    CLERK_WEBHOOK_SECRET: newWebhookSecret(),
  })

  expect(stdout).toBe('')
  expect(failure).toStartWith(sentence)
})
