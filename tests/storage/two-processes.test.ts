import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { svixHeaders, userEvent } from '../support/clerk.ts'
import { temporaryFolder } from '../support/folder.ts'
import { passDay, readLedger } from '../support/ledger.ts'
import { goodChallenge, startModel } from '../support/model.ts'
import { parallel } from '../support/parallel.ts'
import { type ServerProcess, startProcesses } from '../support/process.ts'
import { environment, modelVariables } from '../support/server.ts'

// Processes are started here: a busy machine takes its time.
setDefaultTimeout(20_000)

/** Two servers with 30 credits for each user, on one file, started at the same moment, in front of one model. */
async function startTwo(env: Record<string, string> = {}) {
  const folder = temporaryFolder()
  const model = startModel()
  const path = join(folder.path, 'challenges.db')
  const variables = { DATABASE_URL: `file:${path}`, QUOTA_INITIAL: '30', ...modelVariables(model), ...env }
  const servers = await startProcesses(2, { cwd: folder.path, env: environment(variables) })
  return {
    model,
    path,
    each: servers.each,
    /** What the file says of the users whose names begin like this. */
    ledger: (name: string) => {
      const { integrity, quotas, owned } = readLedger(path)
      const ofThem = ({ user }: { user: string }) => user.startsWith(name)
      return { integrity, quotas: quotas.filter(ofThem), owned: owned.filter(ofThem) }
    },
    async [Symbol.asyncDispose]() {
      await servers[Symbol.asyncDispose]()
      await model[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    },
  }
}

type Two = Awaited<ReturnType<typeof startTwo>>

/** Two that every test may use, by users of its own. */
let servers: Two
beforeAll(async () => {
  servers = await startTwo()
})
afterAll(async () => servers[Symbol.asyncDispose]())

async function expectThirty({ each, ledger }: Two) {
  const answers = await parallel(200, (n) => each(n).generate('spender', 'medium'))

  const given = answers.filter(({ status }) => status === 200)
  const refused = answers.filter(({ status }) => status === 429)
  expect([given.length, refused.length]).toEqual([30, 170])
  for (const { body, headers } of refused) {
    expect(body.code).toBeOneOf(['quota_exhausted', 'quota_in_flight'])
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  }
  const { integrity, quotas, owned } = ledger('spender')
  expect(integrity).toEqual(['ok'])
  expect(quotas).toEqual([{ user: 'spender', remaining: 0, limit: 30 }])
  expect(owned.map(({ id }) => id)).toEqual(given.map(({ body }) => body.id).sort((a, b) => a - b))
  expect(new Set(owned.map(({ title }) => title)).size).toBe(30)
}

test('200 parallel requests over both with 30 credits and an empty pool give 30 challenges', () =>
  expectThirty(servers))

test('200 parallel requests over both with 30 credits and a pool that is filled meanwhile give 30 challenges', async () => {
  await using filling = await startTwo({ POOL_SIZE: '3' })
  await expectThirty(filling)
})

test('a challenge in the pool goes to one user only, whichever process hands it over', async () => {
  using database = new Database(servers.path)
  database.run(`
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 400)
    INSERT INTO questions (difficulty, state, title, options, correct_answer_id, explanation)
    SELECT 'easy', 'ready', 'Question ' || n, '["a","b","c","d"]', 0, 'Because.' FROM numbers`)
  const calls = servers.model.requests.length

  const answers = await parallel(400, (n) => servers.each(n).generate(`reader_${n % 40}`))

  const given = answers.map(({ status, body }) => (status === 200 ? body.id : undefined))
  expect(new Set(given).size).toBe(400)
  expect(servers.ledger('reader_').quotas.map(({ remaining }) => remaining)).toEqual(Array(40).fill(20))
  expect(servers.model.requests).toHaveLength(calls)
})

test('one idempotency key sent to both at once gives one challenge and costs one credit', async () => {
  const both = { waiting: 0, release: Promise.withResolvers<void>() }
  servers.model.author = async () => {
    // Neither answer before both have asked: each process has looked for the key in vain.
    if (++both.waiting === 2) both.release.resolve()
    await both.release.promise
    return goodChallenge()
  }

  const answers = await parallel(10, (n) =>
    servers.each(n).generate('keyed', 'hard', { 'idempotency-key': 'k1' }),
  ).finally(() => {
    servers.model.author = goodChallenge
  })
  expect(both.waiting).toBe(2)

  const [{ body: first }] = answers as [(typeof answers)[0]]
  expect(answers.map(({ status, body }) => [status, body])).toEqual(Array(10).fill([200, first]))
  const { quotas, owned } = servers.ledger('keyed')
  expect(quotas).toMatchObject([{ remaining: 29 }])
  expect(owned).toMatchObject([{ id: first.id, user: 'keyed' }])
  const mismatch = (server: ServerProcess) => server.generate('keyed', 'easy', { 'idempotency-key': 'k1' })
  expect((await parallel(2, (n) => mismatch(servers.each(n)))).map(({ status }) => status)).toEqual([
    422, 422,
  ])
})

test('ten deliveries of one webhook over both open one quota', async () => {
  const body = userEvent('user.created', 'arrival')
  const headers = svixHeaders(body)
  const deliveries = parallel(10, (n) =>
    servers.each(n).fetch('/webhooks/clerk', { method: 'POST', headers, body }),
  )
  const looks = parallel(10, (n) => servers.each(n).quota('arrival'))
  expect((await deliveries).map(({ status }) => status)).toEqual(Array(10).fill(200))
  expect((await looks).map(({ body }) => body.quota_remaining)).toEqual(Array(10).fill(30))
  expect(servers.ledger('arrival').quotas).toEqual([{ user: 'arrival', remaining: 30, limit: 30 }])
})

test('a user erased through one process is gone for the other', async () => {
  await servers.each(1).generate('leaver', 'easy', { 'idempotency-key': 'k1' })
  expect((await servers.each(0).deliver('user.deleted', 'leaver')).status).toBe(200)
  expect((await servers.each(1).history('leaver')).body.challenges).toEqual([])
  expect((await servers.each(1).quota('leaver')).body.quota_remaining).toBe(30)
})

test('the credits that came due are set once, however many ask for them', async () => {
  await servers.each(0).quota('due')
  passDay(servers.path, ['due'])
  const answers = await parallel(60, (n) => servers.each(n).generate('due'))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(10)
  expect(servers.ledger('due').quotas).toEqual([{ user: 'due', remaining: 0, limit: 10 }])
})
