import { afterAll, beforeAll, expect, test } from 'bun:test'
import { SQL } from 'bun'
import { temporaryFolder } from '../support/folder.ts'
import { startModel } from '../support/model.ts'
import { startPostgres } from '../support/postgres.ts'
import { runToEnd, type ServerProcess, startProcesses, until } from '../support/process.ts'
import { environment, modelVariables } from '../support/server.ts'

let postgres: Awaited<ReturnType<typeof startPostgres>>
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(async () => postgres[Symbol.asyncDispose]())

/** Three servers on one new database, started at the same moment, in front of one model. */
async function startThree(env: Record<string, string> = {}) {
  const folder = temporaryFolder()
  const model = startModel()
  const url = await postgres.createDatabase()
  const variables = environment({ DATABASE_URL: url, ...modelVariables(model), ...env })
  const servers = await startProcesses(3, { cwd: folder.path, env: variables })
  const client = new SQL(url, { max: 2 })
  return {
    model,
    all: servers.all,
    each: (n: number) => servers.all[n % 3] as ServerProcess,
    rows: async (sql: string) => [...(await client.unsafe(sql))] as Record<string, unknown>[],
    async [Symbol.asyncDispose]() {
      await client.close()
      await servers[Symbol.asyncDispose]()
      await model[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    },
  }
}

const parallel = <T>(count: number, work: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)))

test('three processes: 200 parallel requests with 30 credits give 30 challenges', async () => {
  await using servers = await startThree({ QUOTA_INITIAL: '30' })
  const answers = await parallel(200, (n) => servers.each(n).generate('user_1'))
  const given = answers.filter(({ status }) => status === 200)
  expect(given).toHaveLength(30)
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(170)
  expect(new Set(given.map(({ body }) => body.id)).size).toBe(30)
  expect(await servers.rows('SELECT quota_remaining FROM challenge_quotas')).toMatchObject([
    { quota_remaining: 0 },
  ])
})

test('three processes: 90 users, 90 different challenges, and pools that overshoot by less than one filler each', async () => {
  await using servers = await startThree({ POOL_SIZE: '4' })
  const answers = await parallel(90, (n) => servers.each(n).generate(`user_${n}`))
  expect(answers.map(({ status }) => status)).toEqual(Array(90).fill(200))
  expect(new Set(answers.map(({ body }) => body.title)).size).toBe(90)
  const ready = 'SELECT count(*)::int AS count FROM challenges WHERE created_by IS NULL'
  const filled = await until(async () => {
    const [row] = await servers.rows(ready)
    return Number(row?.count) >= 4 && servers.model.active === 0 && Number(row?.count)
  }, 'the pool is full')
  expect(filled).toBeLessThanOrEqual(4 + 2)
})

test('60 parallel deliveries of 6 events over three processes open 6 quotas, and all are acknowledged', async () => {
  await using servers = await startThree()
  const answers = await parallel(60, (n) => servers.each(n).deliver('user.created', `user_${n % 6}`))
  expect(answers.map(({ status }) => status)).toEqual(Array(60).fill(200))
  expect(await servers.rows('SELECT count(*)::int AS count FROM challenge_quotas')).toMatchObject([
    { count: 6 },
  ])
})

test('one key sent to all of them at once gives one challenge and costs one credit', async () => {
  await using servers = await startThree()
  const answers = await parallel(9, (n) =>
    servers.each(n).generate('user_1', 'easy', { 'idempotency-key': 'k' }),
  )
  expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1)
  expect((await servers.each(0).quota('user_1')).body.quota_remaining).toBe(49)
})

test('a process that is killed under load loses nothing that was acknowledged, and the ledger balances', async () => {
  await using servers = await startThree()
  const victim = servers.each(0)
  const acknowledged: number[] = []
  const load = parallel(120, async (n) => {
    const answer = await servers
      .each(n)
      .generate(`user_${n % 8}`)
      .catch(() => undefined)
    if (answer?.status === 200) acknowledged.push(answer.body.id)
    if (acknowledged.length === 30) victim.kill('SIGKILL')
  })
  await load

  expect(acknowledged.length).toBeGreaterThanOrEqual(30)
  const kept = await servers.rows('SELECT id FROM challenges WHERE created_by IS NOT NULL')
  const ids = new Set(kept.map(({ id }) => Number(id)))
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([])
  const unbalanced = `SELECT q.user_id FROM challenge_quotas q
    LEFT JOIN challenges c ON c.created_by = q.user_id AND c.source = 'ai'
    GROUP BY q.user_id, q.quota_limit, q.quota_remaining
    HAVING q.quota_limit - q.quota_remaining <> count(c.id)`
  expect(await servers.rows(unbalanced)).toEqual([])
})

test('PostgreSQL stopped: 503 with Retry-After, nothing acknowledged; started again: well without a restart', async () => {
  await using servers = await startThree()
  await servers.each(0).generate('user_1')
  await postgres.stop()
  try {
    const answers = [
      await servers.each(0).generate('user_1'),
      await servers.each(1).quota('user_1'),
      await servers.each(2).history('user_1'),
      await servers.each(0).deliver('user.created', 'user_2'),
    ]
    for (const { status, headers, body } of answers) {
      expect([status, body.code]).toEqual([503, 'unavailable'])
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
      expect(JSON.stringify(body)).not.toContain('secret-password')
    }
    expect((await servers.each(1).fetch('/ready')).status).toBe(503)
    expect((await servers.each(1).fetch('/health')).status).toBe(200)
  } finally {
    await postgres.start()
  }
  await until(
    async () => (await servers.each(0).deliver('user.created', 'user_2')).status === 200,
    'it is well again',
  )
  await until(async () => (await servers.each(1).fetch('/ready')).status === 200, 'it is ready again')
  expect((await servers.each(2).quota('user_1')).body.quota_remaining).toBe(49)
  const logged = servers.all.map((server) => server.lines().join('\n')).join('\n')
  expect(logged).not.toContain('secret-password')
})

test('a connection that is cut and a deadlock are retried or told as 503, and the next request is served', async () => {
  await using servers = await startThree()
  await servers.each(0).generate('user_1')
  await servers.rows(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  )
  const answers = await parallel(12, (n) => servers.each(n).quota('user_1'))
  for (const { status } of answers) expect([200, 503]).toContain(status)
  await until(async () => (await servers.each(0).quota('user_1')).status === 200, 'it is well again')
})

test('a row that somebody else has locked past the time-out is a 503, and nothing is half done', async () => {
  await using servers = await startThree({ DATABASE_TIMEOUT_MS: '500' })
  await servers.each(0).generate('user_1')
  const release = Promise.withResolvers<void>()
  const locked = Promise.withResolvers<void>()
  const client = new SQL(await urlOf(servers), { max: 1 })
  const holder = client.begin(async (transaction) => {
    await transaction`SELECT 1 FROM challenge_quotas WHERE user_id = 'user_1' FOR UPDATE`
    locked.resolve()
    await release.promise
  })
  await locked.promise
  const refused = await servers.each(1).generate('user_1')
  expect([refused.status, refused.body.code]).toEqual([503, 'unavailable'])
  release.resolve()
  await holder
  await client.close()
  expect((await servers.each(1).quota('user_1')).body.quota_remaining).toBe(49)
  expect((await servers.each(1).generate('user_1')).status).toBe(200)
})

async function urlOf(servers: {
  rows: (sql: string) => Promise<Record<string, unknown>[]>
}): Promise<string> {
  const [row] = await servers.rows('SELECT current_database() AS name')
  return postgres.url(String(row?.name))
}

test.each([
  ['nobody listens', 'postgres://u:secret-password@127.0.0.1:1/x', 'nothing answers there'],
  ['there is no such database', '', 'there is no such database'],
])('a start where %s ends with one sentence and 1, without the password', async (_, given, words) => {
  using folder = temporaryFolder()
  const env = environment({ DATABASE_URL: given || postgres.url('nowhere'), DATABASE_TIMEOUT_MS: '2000' })
  const { exitCode, stderr } = await runToEnd({ cwd: folder.path, env })
  expect(exitCode).toBe(1)
  expect(stderr).toContain(words)
  expect(stderr).not.toContain('secret-password')
  expect(stderr.trim().split('\n')).toHaveLength(1)
})
