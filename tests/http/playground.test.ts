import { expect, test } from 'bun:test'
import { keys, sessionToken } from '../support/clerk.ts'
import { filesOf } from '../support/page-files.ts'
import { expectProblem } from '../support/problem-details.ts'
import { startServer } from '../support/server.ts'
import { useServer } from '../support/shared-server.ts'

const shared = useServer({ env: { JWT_KEY: '' } })

function askForToken(server: { url: string }, host?: string, body: unknown = { user_id: 'user_1' }) {
  return fetch(`${server.url}/playground/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(host && { host }) },
    body: JSON.stringify(body),
  })
}

test('in development the page and its files are served with the headers of every answer', async () => {
  const server = shared()
  const page = await server.fetch('/')
  const files = filesOf(await page.text())

  expect(page.status).toBe(200)
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(files).toHaveLength(3)
  for (const file of files) {
    const { status, headers } = await server.fetch(file)
    expect([file, status]).toEqual([file, 200])
    expect(headers.get('content-type')).toMatch(/^(text\/(css|javascript); charset=utf-8|image\/svg\+xml)$/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
  }
})

test('in production the playground does not exist', async () => {
  const env = { NODE_ENV: 'production', OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }
  await using server = await startServer({ env })

  for (const path of ['/', '/playground', '/playground/main.js', '/playground/token']) {
    await expectProblem(server.fetch(path), 404, 'not_found')
    await expectProblem(server.fetch(path, { method: 'POST' }), 404, 'not_found')
  }
})

test('the token of a made-up user is a session', async () => {
  const server = shared()
  const { token } = (await (await askForToken(server)).json()) as { token: string }

  const quota = await server.fetch('/api/quota', { headers: { authorization: `Bearer ${token}` } })

  expect(await quota.json()).toMatchObject({ user_id: 'user_1' })
})

test('with a Clerk key the page asks for a session token, and no user can be made up', async () => {
  await using server = await startServer({ env: { JWT_KEY: keys.pem } })

  expect(await (await server.fetch('/')).text()).toContain('Session token')
  await expectProblem(askForToken(server), 404, 'not_found')
  const authorization = `Bearer ${await sessionToken('user_1')}`
  expect((await server.fetch('/api/quota', { headers: { authorization } })).status).toBe(200)
})

test.each(['localhost', 'LOCALHOST:8000', '127.0.0.1:1', '127.1.2.3', '[::1]:8000'])(
  'a token is issued under the host name %s',
  async (host) => {
    const server = shared()
    expect((await askForToken(server, host)).status).toBe(200)
  },
)

test.each([
  'evil.test',
  'localhost.evil.test',
  'evil.test:8000',
  '127.0.0.1.evil.test',
  'localhost@evil.test',
  '192.168.0.1',
  '0.0.0.0',
])('no token is issued under the host name %s, which may resolve to this machine', async (host) => {
  const server = shared()
  await expectProblem(askForToken(server, host), 404, 'not_found')
})

test.each([
  {},
  { user_id: '' },
  { user_id: 'a b' },
  { user_id: 'ü' },
  { user_id: 1 },
  { user_id: 'a'.repeat(256) },
  { user_id: 'mch_1' },
])('a user cannot be made up with the body %j', async (body) => {
  const server = shared()
  const { body: problem } = await expectProblem(askForToken(server, undefined, body), 400, 'invalid_request')
  expect(problem.detail).toBe(
    'user_id must be 1 to 255 printable ASCII characters without spaces, not beginning with mch_.',
  )
})

test('the sign-in takes only JSON, so that a form of another site cannot use it', async () => {
  const server = shared()
  const sent = ['text/plain', 'application/x-www-form-urlencoded'].map((type) =>
    server.fetch('/playground/token', {
      method: 'POST',
      headers: { 'content-type': type },
      body: '{"user_id":"user_1"}',
    }),
  )
  for (const answer of sent) await expectProblem(answer, 415, 'unsupported_media_type')
})
