import { expect, test } from 'bun:test'
import { origin, sessionToken } from '../support/clerk.ts'
import { findUser } from '../support/client.ts'
import { type Server, startServer } from '../support/server.ts'

/** The status, and the origin that may read the answer, of a request of a page at `asking` with a session for it. */
async function askFrom(server: Server, asking: string) {
  const authorization = `Bearer ${await sessionToken('user_1', { claims: { azp: asking } })}`
  const { status, headers } = await server.fetch('/api/quota', { headers: { authorization, origin: asking } })
  return [status, headers.get('access-control-allow-origin')]
}

test('each origin of ALLOWED_ORIGINS is allowed, and no other', async () => {
  await using server = await startServer({ env: { ALLOWED_ORIGINS: 'https://a.test, https://b.test:8443' } })

  for (const allowed of ['https://a.test', 'https://b.test:8443'])
    expect(await askFrom(server, allowed)).toEqual([200, allowed])
  for (const other of ['https://a.test:8443', 'https://b.test', 'https://aXtest', origin])
    expect(await askFrom(server, other)).toEqual([401, null])
})

const apps = [
  'chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai',
  'moz-extension://6f1b2c3d-0a1b-4c2d-9e3f-0123456789ab',
  'safari-web-extension://6F1B2C3D-0A1B-4C2D-9E3F-0123456789AB',
  ...['capacitor://localhost', 'ionic://localhost', 'tauri://localhost'],
  ...['https://localhost', 'http://tauri.localhost'],
]

test('extensions and native shells are allowed exactly, as origins and as authorised parties', async () => {
  await using server = await startServer({ env: { ALLOWED_ORIGINS: apps.join() } })

  for (const app of apps) expect(await askFrom(server, app)).toEqual([200, app])
  for (const other of ['chrome-extension://localhost', 'ionic://app', 'localhost', 'tauri://localhost/'])
    expect(await askFrom(server, other)).toEqual([401, null])
})

test('without ALLOWED_ORIGINS both front ends of the original are allowed, at localhost and at 127.0.0.1', async () => {
  await using server = await startServer()

  for (const host of ['localhost', '127.0.0.1']) {
    for (const port of [5173, 5174]) {
      const asking = `http://${host}:${port}`
      expect(await askFrom(server, asking)).toEqual([200, asking])
    }
  }
})

test('a page at 127.0.0.1 gets a development session, and may use it', async () => {
  await using server = await startServer({ env: { JWT_KEY: '' } })
  const from = { origin: 'http://127.0.0.1:5173', 'content-type': 'application/json' }
  const signIn = { method: 'POST', headers: from, body: '{"user_id":"user_7"}' }

  const answer = await server.fetch('/playground/token', signIn)
  const { token } = (await answer.json()) as { token: string }

  expect(answer.headers.get('access-control-allow-origin')).toBe(from.origin)
  expect(await findUser(server, token)).toBe('user_7')
})
