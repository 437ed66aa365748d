import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { TimedOut } from '../../src/store/postgres/deadline.ts'
import { createPostgresStore } from '../../src/store/postgres/store.ts'
import { createTurns } from '../../src/store/postgres/turns.ts'
import { claimOf, noon, policy, question } from '../support/contract.ts'
import { parallel } from '../support/parallel.ts'
import { holdQuota, type Postgres, startPostgres } from '../support/postgres.ts'

setDefaultTimeout(20_000)

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres[Symbol.asyncDispose]())

const tomorrow = noon + 86_400_000

test('a user whose row is locked holds one connection, whatever they send: others are served meanwhile', async () => {
  const url = await postgres.createDatabase()
  const store = await createPostgresStore({ url, policy, connections: 2, timeoutMs: 3000 })
  for (let n = 0; n < 3; n++) await store.addReady(question(), noon)
  await parallel(2, (n) => store.openQuota(['locked', 'other'][n] as string, noon))
  const holder = await holdQuota(url, 'locked')

  const outcomes: Promise<unknown>[] = []
  for (let n = 0; n < 20; n++) {
    // Claims, refills and an erasure: all that lock the row.
    const work = [
      () => store.claim(claimOf('locked')),
      () => store.refreshQuota('locked', tomorrow),
      () => store.eraseUser('locked'),
    ][n % 3] as () => Promise<unknown>
    outcomes.push(work().catch((error) => error.code))
  }
  const isHeld = () => outcomes.every((outcome) => Bun.peek.status(outcome) === 'pending')

  expect((await store.claim(claimOf('other'))).outcome).toBe('claimed')
  expect((await store.refreshQuota('other', noon)).remaining).toBe(2)
  expect(await store.history({ userId: 'other', limit: 5 })).toHaveLength(1)
  expect(isHeld()).toBe(true)

  // The wait for the turn counts too: all of them end at their time-out, and nothing is half done.
  expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['unavailable']))
  await holder.release()
  expect((await store.refreshQuota('locked', noon)).remaining).toBe(3)
  expect((await store.claim(claimOf('locked'))).outcome).toBe('claimed')
  await store.close()
})

test('turns: one key runs in the order of arrival, another key at once, and a failure ends its turn only', async () => {
  const inTurn = createTurns()
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
