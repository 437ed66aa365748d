import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { SQL } from 'bun'
import { createQuotaPolicy } from '../../src/quota.ts'
import { createPostgresStore } from '../../src/store/postgres/store.ts'
import { parallel } from '../support/async.ts'
import { noon } from '../support/clock.ts'
import { claimOf, question } from '../support/contract.ts'
import { temporaryFolder } from '../support/folder.ts'
import { skipsPgBouncer, startPgBouncer } from '../support/pgbouncer.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { runToEnd } from '../support/process.ts'
import { environment } from '../support/server.ts'

setDefaultTimeout(60_000)

const policy = createQuotaPolicy({ initial: 10, daily: 10 })

let postgres: Postgres
let poolers: Record<'transaction' | 'session' | 'statement', Awaited<ReturnType<typeof startPgBouncer>>>
beforeAll(async () => {
  if (skipsPgBouncer) return
  postgres = await startPostgres()
  const [transaction, session, statement] = await Promise.all([
    startPgBouncer(postgres.url('postgres'), 'transaction'),
    startPgBouncer(postgres.url('postgres'), 'session'),
    startPgBouncer(postgres.url('postgres'), 'statement'),
  ])
  poolers = { transaction, session, statement }
})
afterAll(async () => {
  if (skipsPgBouncer) return
  for (const pooler of Object.values(poolers)) await pooler[Symbol.asyncDispose]()
  await postgres[Symbol.asyncDispose]()
})

describe.skipIf(skipsPgBouncer)('PgBouncer', () => {
  test.each([
    ['transaction', '?pgbouncer=true'],
    ['session', ''],
  ] as const)(
    'in %s mode with "%s" 400 parallel requests to two stores succeed, and each credit buys one challenge',
    async (mode, flag) => {
      const url = await postgres.createDatabase()
      const open = () =>
        createPostgresStore({
          url: poolers[mode].through(url, flag),
          policy,
          connections: 10,
          timeoutMs: 10_000,
        })
      const stores = await Promise.all([open(), open()])
      const store = (n: number) => stores[n % 2] as (typeof stores)[number]
      await parallel(150, (n) => store(n).addReady(question(), noon))

      const answers = await parallel(400, async (n) => {
        const user = `user_${n % 20}`
        if (n % 2 === 0) return (await store(n >> 1).claim(claimOf(user))).outcome
        if (n % 4 === 1) return (await store(n >> 1).refreshQuota(user, noon)).userId === user
        const page = await store(n >> 1).history({ userId: user, limit: 50 })
        return page.every(({ options }) => options.length === 4)
      })

      // 10 users claim 20 times each, with 10 credits each.
      expect(answers.filter((answer) => answer === 'claimed')).toHaveLength(100)
      expect(answers.filter((answer) => answer === 'exhausted')).toHaveLength(100)
      expect(answers.filter((answer) => answer === true)).toHaveLength(200)
      await using client = new SQL(url, { max: 1 })
      const owned = await client`SELECT created_by, count(*)::int AS count FROM challenges
      WHERE created_by IS NOT NULL GROUP BY created_by`
      expect(owned.map(({ count }: { count: number }) => count)).toEqual(Array(10).fill(10))
      const left = await client`SELECT sum(quota_remaining)::int AS left FROM challenge_quotas`
      // 5 other users read their quota of 10 credits. Reading a history opens no quota.
      expect(left[0].left).toBe(50)
      await Promise.all(stores.map((each) => each.close()))
    },
  )

  test('in transaction mode a start without the flag fails with a sentence that names the flag', async () => {
    using folder = temporaryFolder()
    const url = poolers.transaction.through(await postgres.createDatabase())
    const { exitCode, stderr } = await runToEnd({ cwd: folder.path, env: environment({ DATABASE_URL: url }) })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('add ?pgbouncer=true')
    expect(stderr).not.toContain('secret-password')
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  test.each([
    [
      'statement mode',
      'statement',
      '?pgbouncer=true',
      'transaction blocks not allowed in statement pooling mode',
    ],
    ['a wrong password', 'session', '', 'password authentication failed'],
  ] as const)('with %s a start is refused with its own reason', async (_, mode, flag, reason) => {
    const url = poolers[mode].through(await postgres.createDatabase(), flag)
    const given = mode === 'session' ? url.replace('secret-password', 'wrong-password') : url
    const opening = createPostgresStore({ url: given, policy, connections: 2, timeoutMs: 10_000 })
    await expect(opening).rejects.toThrow(reason)
  })
})
