import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { SQL } from 'bun'
import { TimedOut } from '../../src/store/postgres/deadline.ts'
import { createPostgresStore } from '../../src/store/postgres/store.ts'
import { createTurnsByKey } from '../../src/store/postgres/turns.ts'
import { parallel } from '../support/async.ts'
import { day, noon } from '../support/clock.ts'
import { claimOf, countReady, policy, question } from '../support/contract.ts'
import { holdQuota, type Postgres, startPostgres } from '../support/postgres.ts'

setDefaultTimeout(60_000)

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres[Symbol.asyncDispose]())

test('requests of a user whose row is locked hold one connection, and other users are served', async () => {
  const url = await postgres.createDatabase()
  const store = await createPostgresStore({ url, policy, connections: 2, timeoutMs: 5000 })
  for (let n = 0; n < 3; n++) await store.addReady(question(), noon)
  await parallel(2, (n) => store.openQuota(['locked', 'other'][n] as string, noon))
  const holder = await holdQuota(url, 'locked')

  const outcomes: Promise<unknown>[] = []
  for (let n = 0; n < 20; n++) {
    // Claims, refills and erasures lock the row.
    const work = [
      () => store.claim(claimOf('locked')),
      () => store.refreshQuota('locked', noon + day),
      () => store.eraseUser('locked'),
    ][n % 3] as () => Promise<unknown>
    outcomes.push(work().catch((error) => error.code))
  }
  const isHeld = () => outcomes.every((outcome) => Bun.peek.status(outcome) === 'pending')

  expect((await store.claim(claimOf('other'))).outcome).toBe('claimed')
  expect((await store.refreshQuota('other', noon)).remaining).toBe(2)
  expect(await store.history({ userId: 'other', limit: 5 })).toHaveLength(1)
  expect(isHeld()).toBe(true)

  // The time-out includes the wait for the turn.
  expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['unavailable']))
  await holder.release()
  expect((await store.refreshQuota('locked', noon)).remaining).toBe(3)
  expect((await store.claim(claimOf('locked'))).outcome).toBe('claimed')
  await store.close()
})

test('claims that wait for a refused claim share its refusal, which costs no transaction each', async () => {
  const url = await postgres.createDatabase()
  const store = await createPostgresStore({ url, policy, connections: 2, timeoutMs: 20_000 })
  for (let n = 0; n < 6; n++) await store.addReady(question(), noon)
  const keyed = claimOf('spender', { idempotencyKey: 'k' })
  await store.claim(keyed)
  for (let n = 0; n < 2; n++) await store.claim(claimOf('spender'))
  const holder = await holdQuota(url, 'spender')
  const countTransactions = async () => {
    await using client = new SQL(url, { max: 1 })
    const [row] = await client`SELECT xact_commit::int AS count FROM pg_stat_database
      WHERE datname = current_database()`
    return Number(row.count)
  }

  const refused = Promise.all(Array.from({ length: 200 }, () => store.claim(claimOf('spender'))))
  const replay = store.claim(keyed)
  const added = store.claim(claimOf('spender', { supply: { from: 'model', question: question() } }))
  const refilled = store.claim(claimOf('spender', { now: noon + day }))
  const before = await countTransactions()
  await holder.release()

  expect((await refused).map(({ outcome }) => outcome)).toEqual(Array(200).fill('exhausted'))
  expect(await replay).toMatchObject({ outcome: 'claimed', supply: undefined })
  expect((await added).outcome).toBe('exhausted')
  expect(await refilled).toMatchObject({ outcome: 'claimed', quota: { remaining: 1 } })
  // The three questions that nobody had, the one that was added, less the one that the refilled claim took.
  expect(await countReady(store, 'easy')).toBe(3)
  // PostgreSQL counts a connection's transactions at its end at the latest.
  await store.close()
  expect((await countTransactions()) - before).toBeLessThan(50)
})

test('locked rows of more users than there are connections do not delay other users', async () => {
  const url = await postgres.createDatabase()
  const store = await createPostgresStore({ url, policy, connections: 2, timeoutMs: 10_000 })
  const users = ['a', 'b', 'c', 'd', 'e', 'other']
  await parallel(6, (n) => store.openQuota(users[n] as string, noon))
  for (let n = 0; n < 6; n++) await store.addReady(question(), noon)
  const claims = await parallel(6, (n) => store.claim(claimOf(users[n] as string)))
  const ids = claims.map((claim) => (claim.outcome === 'claimed' ? claim.challenge.id : 0))
  await using client = new SQL(url, { max: 1 })
  const release = Promise.withResolvers<void>()
  const locked = Promise.withResolvers<void>()
  const holding = client.begin(async (transaction) => {
    await transaction`SELECT FROM challenge_quotas WHERE user_id <> 'other' FOR UPDATE`
    await transaction`SELECT FROM assignments WHERE created_by <> 'other' FOR UPDATE`
    locked.resolve()
    await release.promise
  })
  await locked.promise

  const outcomeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error) => error.code,
    )
  const waiting = [0, 1, 2, 3, 4].flatMap((n) => {
    const userId = users[n] as string
    const answer = { userId, challengeId: ids[n] as number, answerId: 0, now: noon }
    return [outcomeOf(store.refreshQuota(userId, noon + day)), outcomeOf(store.answer(answer))]
  })
  const served = await parallel(3, () => outcomeOf(store.claim(claimOf('other'))))
  const read = await outcomeOf(store.ping())
  const stillWaiting = waiting.filter((work) => Bun.peek.status(work) === 'pending').length
  // They wait on, and are served when the rows are free.
  release.resolve()
  await holding
  expect(await Promise.all(waiting)).toEqual(Array(10).fill('done'))
  expect([...served, read, stillWaiting]).toEqual(['done', 'done', 'done', 'done', 10])
  await store.close()
})

test('work with one key runs in the order of arrival, other keys run at once, and a failure ends only its own turn', async () => {
  const inTurn = createTurnsByKey()
  const later = () => performance.now() + 10_000
  const gate = Promise.withResolvers<void>()
  const seen: string[] = []
  const first = inTurn('a', later(), async () => {
    await gate.promise
    seen.push('a1')
    throw new Error('failed')
  })
  const second = inTurn('a', later(), async () => seen.push('a2'))
  const third = inTurn('a', later(), async () => seen.push('a3'))
  await inTurn('b', later(), async () => seen.push('b'))
  expect(seen).toEqual(['b'])
  await expect(inTurn('a', performance.now() + 10, async () => seen.push('late'))).rejects.toBeInstanceOf(
    TimedOut,
  )
  gate.resolve()
  await expect(first).rejects.toThrow('failed')
  await Promise.all([second, third])
  expect(seen).toEqual(['b', 'a1', 'a2', 'a3'])
})
