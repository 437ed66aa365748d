import { expect, test } from 'bun:test'
import { SQL } from 'bun'
import { Problem } from '../../src/problem.ts'
import { createQuotaPolicy } from '../../src/quota/policy.ts'
import { createPostgresStore } from '../../src/store/postgres.ts'
import { startPostgres } from '../support/postgres.ts'

const policy = createQuotaPolicy({ initial: 5, daily: 5 })
const draft = (n: number) => ({
  difficulty: 'easy' as const,
  title: `Question ${n}?`,
  options: ['a', 'b', 'c', 'd'],
  correctAnswerId: 0,
  explanation: 'Because.',
  source: 'ai' as const,
  fingerprint: `fingerprint ${n}`,
  bankId: null,
})

test('a claim that was told 503 is not committed afterwards, when the lock goes', async () => {
  await using postgres = await startPostgres()
  const url = await postgres.createDatabase()
  const store = await createPostgresStore({ url, policy, connections: 1, timeoutMs: 500 })
  const patient = await createPostgresStore({ url, policy, connections: 1, timeoutMs: 5000 })
  for (let n = 0; n < 9; n++) await store.addReady(draft(n), 1)
  await store.quota('locked', 1)
  await store.quota('queued', 1)

  const holder = new SQL(url, { max: 1 })
  const locked = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const holding = holder.begin(async (transaction) => {
    await transaction`SELECT 1 FROM challenge_quotas WHERE user_id = 'locked' FOR UPDATE`
    locked.resolve()
    await release.promise
  })
  await locked.promise
  const claim = (userId: string) =>
    store.claim({ userId, difficulty: 'easy', now: 2, supply: { from: 'pool' } }).catch((error) => error)

  // The first waits for the row on the only connection; the others for the connection, until their time is up.
  const outcomes = await Promise.all(['locked', 'queued', 'queued', 'queued'].map(claim))
  release.resolve()
  await holding
  await store.quota('locked', 2)

  expect(outcomes.map((outcome) => outcome instanceof Problem && outcome.code)).toEqual(
    Array(4).fill('unavailable'),
  )
  for (const user of ['locked', 'queued']) {
    expect(await patient.history({ userId: user, limit: 10 })).toEqual([])
    expect((await patient.quota(user, 2)).remaining).toBe(5)
  }
  await Promise.all([store.close(), patient.close(), holder.close()])
})
