import { Database } from 'bun:sqlite'
import { expect, setDefaultTimeout, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { svixHeaders, userEvent } from '../support/clerk.ts'
import { temporaryFolder } from '../support/folder.ts'
import { readLedger } from '../support/ledger.ts'
import { goodChallenge, type Model, startModel } from '../support/model.ts'
import { runToEnd, type ServerProcess, startProcesses } from '../support/process.ts'
import { environment, modelVariables } from '../support/server.ts'

// Processes are started here: a busy machine takes its time.
setDefaultTimeout(20_000)

/** Two servers on one file, started at the same moment. */
async function startTwo(cwd: string, model: Model, env: Record<string, string> = {}) {
  const path = join(cwd, 'challenges.db')
  const options = {
    cwd,
    env: environment({ DATABASE_URL: `file:${path}`, ...modelVariables(model), ...env }),
  }
  const servers = await startProcesses(2, options)
  return {
    ...servers,
    /** The two in turn. */
    each: (n: number) => servers.all[n % 2] as ServerProcess,
    ledger: () => readLedger(path),
    path,
  }
}

const parallel = <T>(count: number, work: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)))

test.each([
  ['an empty pool', '0'],
  ['a pool that is filled meanwhile', '3'],
])('200 parallel requests over both with 30 credits and %s give 30 challenges', async (_, POOL_SIZE) => {
  using folder = temporaryFolder()
  await using model = startModel()
  await using servers = await startTwo(folder.path, model, { QUOTA_INITIAL: '30', POOL_SIZE })

  const answers = await parallel(200, (n) => servers.each(n).generate('user_1'))

  const given = answers.filter(({ status }) => status === 200)
  const refused = answers.filter(({ status }) => status === 429)
  expect([given.length, refused.length]).toEqual([30, 170])
  for (const { body, headers } of refused) {
    expect(body.code).toBeOneOf(['quota_exhausted', 'quota_in_flight'])
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  }
  const { integrity, quotas, owned } = servers.ledger()
  expect(integrity).toEqual(['ok'])
  expect(quotas).toEqual([{ user: 'user_1', remaining: 0, limit: 30 }])
  expect(owned.map(({ id }) => id)).toEqual(given.map(({ body }) => body.id).sort((a, b) => a - b))
  expect(new Set(owned.map(({ title }) => title)).size).toBe(30)
})

test('a challenge in the pool goes to one user only, whichever process hands it over', async () => {
  using folder = temporaryFolder()
  await using model = startModel()
  await using servers = await startTwo(folder.path, model)
  using database = new Database(servers.path)
  database.run(`
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 400)
    INSERT INTO challenges (difficulty, date_created, title, options, correct_answer_id, explanation)
    SELECT 'easy', 1, 'Question ' || n, '["a","b","c","d"]', 0, 'Because.' FROM numbers`)

  const answers = await parallel(400, (n) => servers.each(n).generate(`user_${n % 40}`))

  const given = answers.map(({ status, body }) => (status === 200 ? body.id : undefined))
  expect(new Set(given).size).toBe(400)
  expect(servers.ledger().quotas.map(({ remaining }) => remaining)).toEqual(Array(40).fill(40))
  expect(model.requests).toEqual([])
})

test('one idempotency key sent to both at once gives one challenge and costs one credit', async () => {
  using folder = temporaryFolder()
  await using model = startModel()
  await using servers = await startTwo(folder.path, model)
  const both = { waiting: 0, release: Promise.withResolvers<void>() }
  model.author = async () => {
    // Neither answer before both have asked: each process has looked for the key in vain.
    if (++both.waiting === 2) both.release.resolve()
    await both.release.promise
    return goodChallenge()
  }

  const answers = await parallel(10, (n) =>
    servers.each(n).generate('user_1', 'easy', { 'idempotency-key': 'k1' }),
  )

  const [{ body: first }] = answers as [(typeof answers)[0]]
  expect(answers.map(({ status, body }) => [status, body])).toEqual(Array(10).fill([200, first]))
  const { quotas, owned } = servers.ledger()
  expect(quotas).toMatchObject([{ remaining: 49 }])
  expect(owned).toMatchObject([{ id: first.id, user: 'user_1' }])
  const mismatch = (server: ServerProcess) => server.generate('user_1', 'hard', { 'idempotency-key': 'k1' })
  expect((await parallel(2, (n) => mismatch(servers.each(n)))).map(({ status }) => status)).toEqual([
    422, 422,
  ])
})

test('ten deliveries of one webhook over both open one quota', async () => {
  using folder = temporaryFolder()
  await using model = startModel()
  await using servers = await startTwo(folder.path, model)
  const body = userEvent('user.created', 'user_1')
  const headers = svixHeaders(body)
  const deliveries = parallel(10, (n) =>
    servers.each(n).fetch('/webhooks/clerk', { method: 'POST', headers, body }),
  )
  const looks = parallel(10, (n) => servers.each(n).quota('user_1'))
  expect((await deliveries).map(({ status }) => status)).toEqual(Array(10).fill(200))
  expect((await looks).map(({ body }) => body.quota_remaining)).toEqual(Array(10).fill(50))
  expect(servers.ledger().quotas).toEqual([{ user: 'user_1', remaining: 50, limit: 50 }])
})

test('a user erased through one process is gone for the other', async () => {
  using folder = temporaryFolder()
  await using model = startModel()
  await using servers = await startTwo(folder.path, model)
  await servers.each(1).generate('user_1', 'easy', { 'idempotency-key': 'k1' })
  expect((await servers.each(0).deliver('user.deleted', 'user_1')).status).toBe(200)
  expect((await servers.each(1).history('user_1')).body.challenges).toEqual([])
  expect((await servers.each(1).quota('user_1')).body.quota_remaining).toBe(50)
})

test('the credits that came due are set once, however many ask for them', async () => {
  using folder = temporaryFolder()
  await using model = startModel()
  await using servers = await startTwo(folder.path, model)
  await servers.each(0).quota('user_1')
  using database = new Database(servers.path)
  database.run('UPDATE challenge_quotas SET last_reset_date = last_reset_date - 86400000')
  const answers = await parallel(60, (n) => servers.each(n).generate('user_1'))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(10)
  expect(servers.ledger().quotas).toEqual([{ user: 'user_1', remaining: 0, limit: 10 }])
})

test('six that start at the same moment on a fresh file all serve, with one development identity', async () => {
  using folder = temporaryFolder()
  await using servers = await startProcesses(6, { cwd: folder.path, env: { PORT: '0' } })
  const { stdout: token } = await runToEnd({ cwd: folder.path, env: {}, args: ['token', 'user_1'] })
  const headers = { authorization: `Bearer ${token.trim()}`, 'content-type': 'application/json' }
  const asked = { method: 'POST', headers, body: '{"difficulty":"easy"}' }
  const answers = await parallel(6, (n) =>
    (servers.all[n] as ServerProcess).fetch('/api/generate-challenge', asked),
  )
  expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200))
  expect(readLedger(join(folder.path, 'data/challenges.db')).quotas).toMatchObject([{ remaining: 44 }])
  expect(readdirSync(join(folder.path, 'data')).filter((name) => name.includes('identity'))).toHaveLength(1)
})
