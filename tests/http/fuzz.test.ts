import { expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { sessionToken } from '../support/clerk.ts'
import { readDatabase } from '../support/database.ts'
import { temporaryFolder } from '../support/folder.ts'
import { anyRequest, brokenRequest } from '../support/fuzz.ts'
import { secret } from '../support/fuzz-words.ts'
import { type ServerProcess, startProcess } from '../support/process.ts'
import { openConnection, parseResponse } from '../support/raw-http.ts'
import { seeded } from '../support/seeded.ts'
import { environment } from '../support/server.ts'

setDefaultTimeout(60_000)

const seed = Number(process.env.FUZZ_SEED ?? 1)
const atOnce = 16

const start = (cwd: string) =>
  startProcess({
    cwd,
    env: environment({ DATABASE_URL: 'file:challenges.db', LOG_LEVEL: 'trace', QUOTA_INITIAL: '3' }),
  })

/** Sends `count` requests, and calls `judge` with the bytes received at the end of the connection or after `patience` ms. */
async function bombard(
  server: ServerProcess,
  count: number,
  make: () => string,
  judge: (sent: string, received: string) => void,
  patience = 8000,
) {
  let left = count
  const worker = async () => {
    while (left-- > 0) {
      const sent = make()
      using connection = await openConnection(server.port)
      connection.write(Buffer.from(sent, 'latin1'))
      await Promise.race([connection.ended, Bun.sleep(patience)])
      judge(sent, connection.received)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

/** Expects no secret and no internal in an answer. */
function expectNothingLeaked(received: string, tokens: string[]) {
  for (const word of [
    secret,
    ...tokens,
    'SQLITE',
    'node_modules',
    'at async',
    '.ts:',
    'whsec_',
    'PRIVATE KEY',
  ]) {
    expect(received).not.toContain(word)
  }
}

/** Expects that the server answers, has logged no error, and that its log is JSON. */
async function expectWell(server: ServerProcess, folder: string) {
  expect((await server.fetch('/health')).status).toBe(200)
  const { status, body } = await server.generate('user_after')
  expect([status, body.difficulty]).toEqual([200, 'easy'])
  expect((await server.deliver('user.created', 'user_later')).status).toBe(200)
  expect(server.log().filter(({ level }) => level === 'error' || level === 'warn')).toEqual([])
  expect(server.stderr()).toBe('')

  const { integrity, quotas, owned } = readDatabase(join(folder, 'challenges.db'))
  expect(integrity).toEqual(['ok'])
  for (const { user, limit, remaining } of quotas) {
    expect([user, limit - remaining]).toEqual([user, owned.filter((row) => row.user === user).length])
  }
}

const documented = [200, 204, 400, 401, 404, 405, 413, 415, 422, 429]
const rare = 409 // Caused only by a second answer to a challenge of the user.

test('every random request gets a documented, well-formed answer without internals', async () => {
  using folder = temporaryFolder()
  await using server = await start(folder.path)
  const random = seeded(seed)
  const tokens = await Promise.all(['user_1', 'user_2', 'user_3'].map((user) => sessionToken(user)))
  const seen = new Map<number, number>()

  await bombard(
    server,
    3000,
    () => anyRequest(random, `Bearer ${random.pick(tokens)}`),
    (sent, received) => {
      const { status = 0, headers, body = '' } = parseResponse(received) ?? {}
      const what = JSON.stringify(sent.slice(0, 300))
      // A head of more than 16 KB is refused before the application.
      if (status === 431) expect(sent.indexOf('\r\n\r\n')).toBeGreaterThan(15_000)
      if (status === 431) return
      seen.set(status, (seen.get(status) ?? 0) + 1)
      expect([what, [...documented, rare].includes(status) && status]).toEqual([what, status])
      expect([what, headers?.get('x-request-id')]).toEqual([what, expect.stringMatching(/^[\w.:-]{1,128}$/)])
      expectNothingLeaked(received, tokens)
      if (status < 400 || sent.startsWith('HEAD')) return
      expect([what, headers?.get('content-type')]).toEqual([what, 'application/problem+json'])
      expect(JSON.parse(body)).toMatchObject({ status, code: expect.any(String), detail: expect.any(String) })
      const allowed = headers?.get('allow')?.split(', ') ?? []
      expect([what, allowed.includes(sent.slice(0, sent.indexOf(' ')))]).toEqual([what, false])
    },
  )

  expect([...seen.keys()].filter((status) => status !== rare).sort()).toEqual(documented)
  expect(server.lines().filter((line) => line.includes(secret))).toEqual([])
  await expectWell(server, folder.path)
})

test('malformed HTTP is refused or the connection is closed, and other requests are served', async () => {
  using folder = temporaryFolder()
  await using server = await start(folder.path)
  const random = seeded(seed)
  const tokens = await Promise.all(['user_1', 'user_2', 'user_3'].map((user) => sessionToken(user)))

  await bombard(
    server,
    1000,
    () => brokenRequest(random, `Bearer ${random.pick(tokens)}`),
    (sent, received) => {
      const { status = 0 } = parseResponse(received) ?? {}
      // 505 is the answer to a version that does not exist, before the application.
      const what = JSON.stringify([sent.slice(0, 300), received.slice(0, 100)])
      expect([what, status < 500 || status === 505]).toEqual([what, true])
      expectNothingLeaked(received, tokens)
    },
    100,
  )
  await expectWell(server, folder.path)
})
