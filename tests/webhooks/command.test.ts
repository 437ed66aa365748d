import { Database } from 'bun:sqlite'
import { expect, setDefaultTimeout, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { webhookSecret } from '../support/clerk.ts'
import { temporaryFolder } from '../support/folder.ts'
import { runToEnd, startProcess } from '../support/process.ts'
import { startServer } from '../support/server.ts'
import { contentsOf } from '../support/table-contents.ts'

// Processes take their time on a busy machine.
setDefaultTimeout(20_000)

const newSecret = () => `whsec_${randomBytes(24).toString('base64')}`
const portOf = (url: string) => new URL(url).port

/** Runs `webhook` with these words, in an empty folder. */
async function webhook(words: string[], env: Record<string, string>) {
  using folder = temporaryFolder()
  return await runToEnd({ args: ['webhook', ...words], cwd: folder.path, env })
}

test('what `webhook` signs with the development identity, the running server accepts', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'challenges.db')
  const env = { DATABASE_URL: `file:${path}`, PORT: '0' }
  await using server = await startProcess({ env, cwd: folder.path })
  const rows = () => contentsOf({ database: () => new Database(path) })
  const say = (...words: string[]) => webhook(words, { ...env, PORT: String(server.port) })
  const answered = (status: string) => ({ exitCode: 0, stderr: '', stdout: `200 {"status":"${status}"}\n` })

  expect(await say('user.created', 'user_1')).toMatchObject(answered('success'))
  expect(rows().quotas).toMatchObject([{ user_id: 'user_1' }])

  expect(await say('user.updated', 'user_1')).toMatchObject(answered('ignored'))
  expect(await say('user.deleted', 'user_1')).toMatchObject(answered('success'))
  expect(rows()).toEqual({ challenges: [], quotas: [] })
})

test('`webhook` signs with the configured secret, under either name, and with the first of several', async () => {
  await using server = await startServer()
  const PORT = portOf(server.url)

  for (const [name, secrets] of [
    ['CLERK_WEBHOOK_SECRET', webhookSecret],
    ['CLERK_WEBHOOK_SIGNING_SECRET', webhookSecret],
    ['CLERK_WEBHOOK_SECRET', `${webhookSecret} ${newSecret()}`],
  ] as const) {
    expect(await webhook(['user.created', 'user_1'], { [name]: secrets, PORT })).toMatchObject({
      exitCode: 0,
      stderr: '',
    })
  }

  expect(contentsOf(server).quotas).toMatchObject([{ user_id: 'user_1' }])
})

test('`webhook` shows a refusal, and fails with one sentence', async () => {
  await using server = await startServer()
  const env = { PORT: portOf(server.url), CLERK_WEBHOOK_SECRET: newSecret() }

  const { stdout, stderr, exitCode } = await webhook(['user.created', 'user_1'], env)

  expect(exitCode).toBe(1)
  expect(stdout).toMatch(/^401 \{.*"code":"invalid_signature".*\}\n$/)
  expect(stderr).toMatch(/^[^\n]{10,200}\.\n$/)
  expect(contentsOf(server)).toEqual({ challenges: [], quotas: [] })
})

test('`webhook` says so when nothing answers', async () => {
  const silent = Bun.listen({
    hostname: '127.0.0.1',
    port: 0,
    socket: { open: (socket) => socket.terminate(), data() {} },
  })
  const PORT = String(silent.port)

  const { stdout, stderr, exitCode } = await webhook(['user.created', 'user_1'], {
    PORT,
    CLERK_WEBHOOK_SECRET: newSecret(),
  })
  silent.stop(true)

  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
  expect(stderr).toMatch(/^[^\n]{10,200}\.\n$/)
  expect(stderr).toContain(PORT)
})

test.each([[[]], [['user.created']], [['', 'user_1']]])(
  '`webhook` with the words %p says how it is used',
  async (words) => {
    const { stdout, stderr, exitCode } = await webhook(words, {
      PORT: '1',
      CLERK_WEBHOOK_SECRET: newSecret(),
    })

    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toMatch(/^[^\n]*webhook <type> <user_id>[^\n]*\n$/)
  },
)
