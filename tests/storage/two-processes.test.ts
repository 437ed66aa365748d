import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { parallel } from '../support/async.ts'
import { svixHeaders, userEvent } from '../support/clerk.ts'
import { insertChallenges, moveResetsBack, readDatabase } from '../support/database.ts'
import { temporaryFolder } from '../support/folder.ts'
import { goodChallenge, startModel } from '../support/model.ts'
import { type ServerProcess, startProcesses } from '../support/process.ts'
import { environment, modelVariables } from '../support/server.ts'
import { testSharedAnswers } from './shared-answers.ts'

setDefaultTimeout(60_000)

/** Two servers on one file with one model, started at the same time. Each user has 30 credits. */
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
    async rows(sql: string) {
      using database = new Database(path)
      return database.query(sql).all()
    },
    /** The rows of the users whose names start with `name`. */
    readRows: (name: string) => {
      const { integrity, quotas, owned } = readDatabase(path)
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

/** Two servers for all tests, each of which has its own users. */
let servers: Two
beforeAll(async () => {
  servers = await startTwo()
})
afterAll(async () => servers[Symbol.asyncDispose]())

test('200 parallel requests to two processes with 30 credits give 30 challenges, while the pool is filled', async () => {
  await using filling = await startTwo({ POOL_SIZE: '3' })
  const answers = await parallel(200, (n) => filling.each(n).generate('spender', 'medium'))

  const given = answers.filter(({ status }) => status === 200)
  const refused = answers.filter(({ status }) => status === 429)
  expect([given.length, refused.length]).toEqual([30, 170])
  for (const { problem, headers } of refused) {
    expect(problem?.code).toBeOneOf(['quota_exhausted', 'quota_in_flight'])
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  }
  const { integrity, quotas, owned } = filling.readRows('spender')
  expect(integrity).toEqual(['ok'])
  expect(quotas).toEqual([{ user: 'spender', remaining: 0, limit: 30 }])
  expect(owned.map(({ id }) => id)).toEqual(given.map(({ body }) => body.id).sort((a, b) => a - b))
  expect(new Set(owned.map(({ title }) => title)).size).toBe(30)
})

test('a challenge in the pool goes to one user only, from whichever process', async () => {
  {
    using database = new Database(servers.path)
    insertChallenges(
      database,
      Array.from({ length: 400 }, (_, n) => ({ createdBy: null, title: `Question ${n}` })),
    )
  }
  const calls = servers.model.requests.length

  const answers = await parallel(400, (n) => servers.each(n).generate(`reader_${n % 40}`))

  const given = answers.map(({ status, body }) => (status === 200 ? body.id : undefined))
  expect(new Set(given).size).toBe(400)
  expect(servers.readRows('reader_').quotas.map(({ remaining }) => remaining)).toEqual(Array(40).fill(20))
  expect(servers.model.requests).toHaveLength(calls)
})

test('one idempotency key sent to both processes at once gives one challenge for one credit', async () => {
  const both = { waiting: 0, release: Promise.withResolvers<void>() }
  servers.model.author = async () => {
    // The model answers after both processes have looked for the key.
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
  const { quotas, owned } = servers.readRows('keyed')
  expect(quotas).toMatchObject([{ remaining: 29 }])
  expect(owned).toMatchObject([{ id: first.id, user: 'keyed' }])
  const mismatch = (server: ServerProcess) => server.generate('keyed', 'easy', { 'idempotency-key': 'k1' })
  expect((await parallel(2, (n) => mismatch(servers.each(n)))).map(({ status }) => status)).toEqual([
    422, 422,
  ])
})

test('a webhook delivered ten times to two processes opens one quota', async () => {
  const body = userEvent('user.created', 'arrival')
  const headers = svixHeaders(body)
  const deliveries = parallel(10, (n) =>
    servers.each(n).fetch('/webhooks/clerk', { method: 'POST', headers, body }),
  )
  const looks = parallel(10, (n) => servers.each(n).quota('arrival'))
  expect((await deliveries).map(({ status }) => status)).toEqual(Array(10).fill(200))
  expect((await looks).map(({ body }) => body.quota_remaining)).toEqual(Array(10).fill(30))
  expect(servers.readRows('arrival').quotas).toEqual([{ user: 'arrival', remaining: 30, limit: 30 }])
})

test('a user who is erased by one process is erased for the other', async () => {
  await servers.each(1).generate('leaver', 'easy', { 'idempotency-key': 'k1' })
  expect((await servers.each(0).deliver('user.deleted', 'leaver')).status).toBe(200)
  expect((await servers.each(1).history('leaver')).body.challenges).toEqual([])
  expect((await servers.each(1).quota('leaver')).body.quota_remaining).toBe(30)
})

test('60 parallel requests to two processes refill the quota once', async () => {
  await servers.each(0).quota('due')
  moveResetsBack(servers.path, ['due'])
  const answers = await parallel(60, (n) => servers.each(n).generate('due'))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(10)
  expect(servers.readRows('due').quotas).toEqual([{ user: 'due', remaining: 0, limit: 10 }])
})

testSharedAnswers(() => servers)
