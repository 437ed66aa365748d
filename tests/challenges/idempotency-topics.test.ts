import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { parallel, until } from '../support/async.ts'
import { startPausedModel } from '../support/model.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(async () => postgres[Symbol.asyncDispose]())

const key = { 'idempotency-key': 'order-1' }
const mismatch = 'This Idempotency-Key was used with another difficulty or topic; use a new key.'

test.each([
  ['another topic', 'git', 'sql'],
  ['no topic', 'git', undefined],
  ['a topic where it had none', undefined, 'git'],
])(
  'a key that is used again with %s is refused, and the first request can be repeated',
  async (_, first, second) => {
    await using server = await startServer({ env: { TOPICS: 'git,sql' } })
    const given = await server.generateOn('user_1', first, 'easy', key)

    const { status, problem } = await server.generateOn('user_1', second, 'easy', key)
    const repeated = await server.generateOn('user_1', first, 'easy', key)

    expect([status, problem?.code, problem?.detail]).toEqual([422, 'idempotency_mismatch', mismatch])
    expect(repeated.body).toEqual(given.body)
    expect((await server.quota('user_1')).body.quota_remaining).toBe(49)
  },
)

test('a topic that is given is not the same as the same topic by chance', async () => {
  await using server = await startServer({ env: { TOPICS: 'git' } })
  const { body } = await server.generateOn('user_1', undefined, 'easy', key)

  expect(body.topic).toBe('git')
  expect((await server.generateOn('user_1', 'git', 'easy', key)).status).toBe(422)
})

const engines: [string, () => Promise<{ DATABASE_URL: string } | undefined>][] = [
  ['SQLite', async () => undefined],
  ['PostgreSQL', async () => ({ DATABASE_URL: await postgres.createDatabase() })],
]

test.each(engines)(
  'on %s, of parallel requests to two servers with one key, those with one topic are served, with one challenge',
  async (_, createDatabase) => {
    await using model = startPausedModel()
    const env = await createDatabase()
    await using one = await startServer({ model, ...(env && { env }) })
    await using other = await startServer({ model, env: env ?? { DATABASE_URL: `file:${one.path}` } })
    const topics = ['git', 'sql', undefined]

    const requests = parallel(12, (n) =>
      (n % 2 ? one : other).generateOn('user_1', topics[n % 3], 'easy', key),
    )
    await until(() => model.active >= 2, 'each server calls the model')
    model.resume()
    const answers = await requests

    const served = answers.filter(({ status }) => status === 200)
    expect(answers.map(({ status }) => status).toSorted()).toEqual([
      ...Array(4).fill(200),
      ...Array(8).fill(422),
    ])
    expect(new Set(served.map(({ body }) => body.id)).size).toBe(1)
    expect((await one.quota('user_1')).body.quota_remaining).toBe(49)
  },
)

test.each(engines)(
  'on %s, a request is repeated after its topic is no longer offered, and no other request gets the topic',
  async (_, createDatabase) => {
    const env = await createDatabase()
    await using wide = await startServer({ env: { TOPICS: 'git,sql', ...env } })
    const given = await wide.generateOn('user_1', 'sql', 'easy', key)
    const database = env ?? { DATABASE_URL: `file:${wide.path}` }
    await using narrow = await startServer({ env: { TOPICS: 'git', ...database } })

    const repeated = await narrow.generateOn('user_1', 'sql', 'easy', key)

    expect(repeated.body).toEqual(given.body)
    expect(repeated.headers.get('ratelimit')).toContain('r=49')
    expect((await narrow.generateOn('user_1', 'css', 'easy', key)).problem?.detail).toBe(mismatch)
    const refused = [
      await narrow.generateOn('user_1', 'sql', 'easy'),
      await narrow.generateOn('user_1', 'sql', 'easy', { 'idempotency-key': 'order-2' }),
      await narrow.generateOn('user_2', 'sql', 'easy', key),
    ]
    for (const { problem } of refused) expect(problem?.detail).toBe('topic must be one of: git.')
    expect((await narrow.quota('user_1')).body.quota_remaining).toBe(49)
  },
)
