import type { Database } from 'bun:sqlite'
import { expect, test } from 'bun:test'
import { expectProblem } from '../support/problem-details.ts'
import { type Server, startServer } from '../support/server.ts'

function send(server: Server, userId: string, path = '/api/generate-challenge') {
  const headers = { 'content-type': 'application/json' }
  return server.as(userId, path, { method: 'POST', headers, body: '{"difficulty":"easy"}' })
}

test.each<
  [resource: string, damage: (database: Database) => unknown, ask: (server: Server) => Promise<Response>]
>([
  [
    'a quota',
    (database) => database.run('DROP TABLE challenge_quotas'),
    (server) => server.as('user_1', '/api/quota'),
  ],
  [
    'a challenge',
    (database) => database.run('DROP TABLE challenge_quotas'),
    (server) => send(server, 'user_1'),
  ],
  [
    'a history',
    (database) => database.run('DROP VIEW challenges'),
    (server) => server.as('user_1', '/api/my-history'),
  ],
])('when %s cannot be read, the reason is logged and not sent to the client', async (_, damage, ask) => {
  await using server = await startServer()
  using database = server.database()
  damage(database)

  const { headers, body } = await expectProblem(ask(server), 500, 'internal')

  expect(body.detail).toBe('The server failed unexpectedly; try again later.')
  const said = JSON.stringify([...headers.values(), body])
  expect(said).not.toMatch(/challenges|quota|select|table|SQLite/i)
  const line = server.lines.find(({ code }) => code === 'internal')
  expect<unknown>(line).toMatchObject({ level: 'error', requestId: headers.get('x-request-id') })
})

test('/ready depends on the database, and /health does not', async () => {
  await using server = await startServer()
  expect((await server.fetch('/ready')).status).toBe(200)
  using database = server.database()
  database.run('DROP TABLE challenge_quotas')

  await expectProblem(server.fetch('/ready'), 503, 'unavailable')
  expect((await server.fetch('/health')).status).toBe(200)
})
