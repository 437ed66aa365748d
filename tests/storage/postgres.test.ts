import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { SQL } from 'bun'
import { parallel, until } from '../support/async.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { startTwoOn, type TwoOnPostgres } from '../support/postgres-processes.ts'
import { testSharedAnswers } from './shared-answers.ts'

setDefaultTimeout(60_000)

let postgres: Postgres
/** Two processes for all tests, each of which has its own users. */
let servers: TwoOnPostgres
beforeAll(async () => {
  postgres = await startPostgres()
  servers = await startTwoOn(postgres, { QUOTA_INITIAL: '30', POOL_SIZE: '4' })
})
afterAll(async () => {
  await servers[Symbol.asyncDispose]()
  await postgres[Symbol.asyncDispose]()
})

const remainingOf = async (user: string) =>
  (await servers.rows(`SELECT quota_remaining FROM challenge_quotas WHERE user_id = '${user}'`)).map(
    (row) => row.quota_remaining,
  )

test('200 parallel requests to two processes with 30 credits give 30 challenges', async () => {
  const answers = await parallel(200, (n) => servers.each(n).generate('spender'))
  const given = answers.filter(({ status }) => status === 200)
  expect(given).toHaveLength(30)
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(170)
  expect(new Set(given.map(({ body }) => body.id)).size).toBe(30)
  expect(await remainingOf('spender')).toEqual([0])
})

test('two processes give 90 users 90 different challenges, and exceed the pool size by one at most', async () => {
  const answers = await parallel(90, (n) => servers.each(n).generate(`user_${n}`))
  expect(answers.map(({ status }) => status)).toEqual(Array(90).fill(200))
  expect(new Set(answers.map(({ body }) => body.title)).size).toBe(90)
  const ready = `SELECT count(*)::int AS count FROM questions WHERE state = 'ready'`
  const count = async () => Number((await servers.rows(ready))[0]?.count)
  await until(async () => (await count()) >= 4 && servers.model.active === 0, 'the pool is full')
  const { length: asked } = servers.model.requests
  // A filler that still runs would read the database and call the model again.
  for (let n = 0; n < 20; n++) expect((await servers.each(n).fetch('/ready')).status).toBe(200)
  expect(servers.model.requests.length - asked).toBeLessThanOrEqual(1)
  expect(await count()).toBeLessThanOrEqual(4 + 1)
})

test('60 parallel deliveries of 6 events to two processes open 6 quotas, and all are acknowledged', async () => {
  const answers = await parallel(60, (n) => servers.each(n).deliver('user.created', `arrival_${n % 6}`))
  expect(answers.map(({ status }) => status)).toEqual(Array(60).fill(200))
  const opened = `SELECT count(*)::int AS count FROM challenge_quotas WHERE user_id LIKE 'arrival_%'`
  expect(await servers.rows(opened)).toMatchObject([{ count: 6 }])
})

test('erasing a user during their first claim leaves no row', async () => {
  await using client = new SQL(servers.url, { max: 1 })
  const claimed = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  const claim = client.begin(async (tx) => {
    await tx`INSERT INTO challenge_quotas (user_id, quota_remaining, quota_limit, last_reset_date)
      VALUES ('newcomer', 29, 30, 0)`
    const [question] =
      await tx`INSERT INTO questions (difficulty, title, options, correct_answer_id, explanation)
      VALUES ('easy', 'Q', '["a","b","c","d"]', 0, 'Because.') RETURNING id`
    await tx`INSERT INTO assignments (question_id, created_by, date_created) VALUES (${question.id}, 'newcomer', 0)`
    claimed.resolve()
    await goOn.promise
  })
  await claimed.promise

  const erased = servers.each(0).deliver('user.deleted', 'newcomer')
  const waiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`
  await until(
    async () => (await servers.rows(waiting)).length > 0 || Bun.peek.status(erased) !== 'pending',
    'the erasure waits for the claim, or has ended',
  )
  goOn.resolve()
  await claim

  expect((await erased).status).toBe(200)
  expect(await remainingOf('newcomer')).toEqual([])
  expect(await servers.rows(`SELECT 1 FROM challenges WHERE created_by = 'newcomer'`)).toEqual([])
})

test('one key sent to both processes at once gives one challenge for one credit', async () => {
  const answers = await parallel(9, (n) =>
    servers.each(n).generate('keyed', 'easy', { 'idempotency-key': 'k' }),
  )
  expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1)
  expect((await servers.each(0).quota('keyed')).body.quota_remaining).toBe(29)
})

test('a process that is killed under load loses no acknowledged challenge, and every charge has its challenge', async () => {
  await using both = await startTwoOn(postgres)
  const victim = both.each(0)
  const acknowledged: number[] = []
  await parallel(120, async (n) => {
    const answer = await both
      .each(n)
      .generate(`user_${n % 8}`)
      .catch(() => undefined)
    if (answer?.status === 200) acknowledged.push(answer.body.id)
    if (acknowledged.length === 30) victim.kill('SIGKILL')
  })

  expect(acknowledged.length).toBeGreaterThanOrEqual(30)
  const kept = await both.rows('SELECT id FROM challenges')
  const ids = new Set(kept.map(({ id }) => Number(id)))
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([])
  const unbalanced = `SELECT q.user_id FROM challenge_quotas q
    LEFT JOIN challenges c ON c.created_by = q.user_id AND c.source = 'ai'
    GROUP BY q.user_id, q.quota_limit, q.quota_remaining
    HAVING q.quota_limit - q.quota_remaining <> count(c.id)`
  expect(await both.rows(unbalanced)).toEqual([])
})

testSharedAnswers(() => servers)
