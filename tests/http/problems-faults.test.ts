import { expect, test } from 'bun:test'
import { expectProblem } from '../support/problem-details.ts'
import { type Client, type Server, startServer } from '../support/server.ts'
import { contentsOf } from '../support/table-contents.ts'

/** The database as a foreign program holds it: nobody else can write. */
function lock(server: Server) {
  const database = server.database()
  database.run('BEGIN EXCLUSIVE')
  return {
    release: () => database.run('ROLLBACK'),
    [Symbol.dispose]: () => database.close(),
  }
}

/** Asks whether the process serves until `work` is done, and tells the longest wait for an answer, in milliseconds. */
async function longestHealthCheckDuring(server: Client, work: Promise<unknown>) {
  let done = false
  let longest = 0
  const finished = work.finally(() => {
    done = true
  })
  while (!done) {
    const start = performance.now()
    expect((await server.fetch('/health')).status).toBe(200)
    longest = Math.max(longest, performance.now() - start)
    await Bun.sleep(20)
  }
  await finished
  return longest
}

function send(server: Server, userId: string, path = '/api/generate-challenge') {
  const headers = { 'content-type': 'application/json' }
  return server.as(userId, path, { method: 'POST', headers, body: '{"difficulty":"easy"}' })
}

test.each<[what: string, statement: string, ask: (server: Server) => Promise<Response>]>([
  ['a quota', 'DROP TABLE challenge_quotas', (server) => server.as('user_1', '/api/quota')],
  ['a challenge', 'DROP TABLE challenge_quotas', (server) => send(server, 'user_1')],
  ['a history', 'DROP TABLE challenges', (server) => server.as('user_1', '/api/my-history')],
  [
    'a damaged row of a history',
    `INSERT INTO challenges (difficulty, date_created, created_by, title, options, correct_answer_id, explanation)
       VALUES ('easy', 1, 'user_1', 'secret title', 'not JSON', 0, '')`,
    (server) => server.as('user_1', '/api/my-history'),
  ],
])('when %s cannot be had, the reason is for the log and not for the client', async (_, statement, ask) => {
  await using server = await startServer()
  using database = server.database()
  database.run(statement)

  const { headers, body } = await expectProblem(ask(server), 500, 'internal')

  expect(body.detail).toBe('Something went wrong on our side.')
  const said = JSON.stringify([...headers.values(), body])
  expect(said).not.toMatch(/challenges|quota|select|table|secret|JSON Parse|SQLite/i)
  const line = server.lines.find(({ code }) => code === 'internal')
  expect<unknown>(line).toMatchObject({ level: 'error', requestId: headers.get('x-request-id') })
  expect(JSON.stringify(line)).not.toContain('secret title')
})

test('an event whose effect fails is not acknowledged', async () => {
  await using server = await startServer()
  using database = server.database()
  database.run('DROP TABLE challenge_quotas')

  const { status, body } = await server.deliver('user.created', 'user_1')

  expect(status).toBe(500)
  expect<object>(body).toMatchObject({ code: 'internal', detail: 'Something went wrong on our side.' })
})

test('a database that is locked for long is a 503 after five seconds, and nothing is half done', async () => {
  await using server = await startServer()
  await server.generate('user_1')
  const before = contentsOf(server)
  using held = lock(server)
  const start = performance.now()

  const answers = Promise.all([
    send(server, 'user_1'),
    send(server, 'user_2'),
    server.as('user_3', '/api/quota'),
    send(server, 'user_1'),
  ])
  const delivery = server.deliver('user.created', 'user_4')
  const longestWait = await longestHealthCheckDuring(server, Promise.all([answers, delivery]))

  expect(performance.now() - start).toBeWithin(4500, 8000)
  for (const answer of await answers) {
    const { headers } = await expectProblem(answer, 503, 'unavailable')
    expect(headers.get('retry-after')).toMatch(/^[1-9]\d?$/)
  }
  expect(await delivery).toMatchObject({ status: 503, body: { code: 'unavailable' } })
  expect(longestWait).toBeLessThan(500)
  held.release()
  expect(contentsOf(server)).toEqual(before)

  expect((await server.generate('user_1')).status).toBe(200)
  expect((await server.quota('user_1')).body.quota_remaining).toBe(48)
  expect((await server.deliver('user.created', 'user_4')).status).toBe(200)
}, 15_000)

test('a lock that is released in time is only a delay', async () => {
  await using server = await startServer()
  using held = lock(server)

  const answers = Promise.all([server.generate('user_1'), server.quota('user_2')])
  const checks = longestHealthCheckDuring(server, answers)
  await longestHealthCheckDuring(server, Bun.sleep(300))
  expect(contentsOf(server)).toEqual({ challenges: [], quotas: [] })
  held.release()

  expect((await answers).map(({ status }) => status)).toEqual([200, 200])
  expect(await checks).toBeLessThan(500)
  expect((await server.quota('user_1')).body.quota_remaining).toBe(49)
})

test('being ready is a matter of the database, being alive is not', async () => {
  await using server = await startServer()
  expect((await server.fetch('/ready')).status).toBe(200)
  using database = server.database()
  database.run('DROP TABLE challenges')
  database.run('DROP TABLE challenge_quotas')

  await expectProblem(server.fetch('/ready'), 503, 'unavailable')
  expect((await server.fetch('/health')).status).toBe(200)
})
