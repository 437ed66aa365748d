import { beforeAll, expect, test } from 'bun:test'
import { readTables } from '../support/database.ts'
import { expectProblem } from '../support/problem-details.ts'
import { useServer } from '../support/shared-server.ts'

const shared = useServer()
// The quotas are open, so that reads change no row.
beforeAll(async () => {
  for (const user of ['user_1', 'user_2']) expect((await shared().quota(user)).status).toBe(200)
})

const hostile = [
  '{"toString":1}',
  '{"toString":null,"valueOf":null}',
  '{"toJSON":1}',
  '{"valueOf":1}',
  '{"__proto__":null}',
  '{"constructor":1,"then":1,"length":1}',
  '[{"toString":1}]',
  '[[[{"toString":{"toString":1}}]]]',
]

test.each(hostile)('the value %s is refused with 400 anywhere in a body or a parameter', async (value) => {
  const server = shared()
  const before = readTables(server)
  const bodies = server.app.routes.filter(({ hooks }) => hooks.body)
  expect(bodies.map(({ path }) => path)).toContain('/api/generate-challenge')

  for (const { path, method, hooks } of bodies) {
    const members = Object.keys(hooks.body.properties).map((member) => `{"${member}":${value}}`)
    for (const body of [value, ...members]) {
      const headers = { 'content-type': 'application/json' }
      const answer = server.as('user_2', path, { method, headers, body })
      await expectProblem(answer, 400, 'invalid_request')
    }
  }
  for (const { path, hooks } of server.app.routes.filter(({ hooks }) => hooks.query)) {
    for (const parameter of Object.keys(hooks.query.properties)) {
      const answer = server.as('user_1', `${path}?${parameter}=${encodeURIComponent(value)}`)
      await expectProblem(answer, 400, 'invalid_request')
      const other = await server.as('user_1', `${path}?${parameter}[toString]=1&__proto__[toString]=1`)
      expect(other.status).toBe(200)
    }
  }
  expect(readTables(server)).toEqual(before)
})
