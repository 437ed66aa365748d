import { describe, expect, test } from 'bun:test'
import { createBreaker } from '../../src/authoring/breaker.ts'
import { until } from '../support/async.ts'
import { expectFreeBankChallenge, oneAttempt } from '../support/authoring.ts'
import { countReady } from '../support/database.ts'
import { goodChallenge, type Model, startModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'

/** A breaker and its clock. */
function breakerAt(time = 1000) {
  const clock = { time }
  const breaker = createBreaker(() => clock.time)
  const fail = (times: number) => {
    for (let n = 0; n < times; n++) {
      breaker.tryAcquire()
      breaker.onFailure()
    }
  }
  return { breaker, clock, fail }
}

describe('a circuit breaker', () => {
  test('admits calls while fewer than five fail in a row', () => {
    const { breaker, fail } = breakerAt()

    fail(4)
    expect([breaker.tryAcquire(), breaker.tryAcquire()]).toEqual([true, true])
    breaker.onSuccess()
    fail(4)

    expect(breaker.tryAcquire()).toBe(true)
  })

  test('admits no call for 30 seconds after the fifth failure', () => {
    const { breaker, clock, fail } = breakerAt()

    fail(5)
    clock.time += 29_999

    expect([breaker.tryAcquire(), breaker.tryAcquire()]).toEqual([false, false])
  })

  test('then admits one trial at a time', () => {
    const { breaker, clock, fail } = breakerAt()

    fail(5)
    clock.time += 30_000

    expect([breaker.tryAcquire(), breaker.tryAcquire(), breaker.tryAcquire()]).toEqual([true, false, false])
  })

  test('closes when the trial succeeds, and counts failures from zero', () => {
    const { breaker, clock, fail } = breakerAt()
    fail(5)
    clock.time += 30_000
    breaker.tryAcquire()

    breaker.onSuccess()
    fail(4)

    expect([breaker.tryAcquire(), breaker.tryAcquire()]).toEqual([true, true])
  })

  test('stays open for another 30 seconds when the trial fails', () => {
    const { breaker, clock, fail } = breakerAt()
    fail(5)
    clock.time += 30_000

    fail(1)

    clock.time += 29_999
    expect(breaker.tryAcquire()).toBe(false)
    clock.time += 1
    expect(breaker.tryAcquire()).toBe(true)
  })

  test('admits another trial when a trial is abandoned', () => {
    const { breaker, clock, fail } = breakerAt()
    fail(5)
    clock.time += 30_000
    breaker.tryAcquire()

    breaker.onAbandon()

    expect([breaker.tryAcquire(), breaker.tryAcquire()]).toEqual([true, false])
  })

  test('opens after five concurrent failures, and refused calls do not keep it open longer', () => {
    const { breaker, clock } = breakerAt()
    for (let n = 0; n < 5; n++) breaker.tryAcquire()
    for (let n = 0; n < 5; n++) breaker.onFailure()

    for (clock.time += 5000; clock.time < 31_000; clock.time += 5000) expect(breaker.tryAcquire()).toBe(false)

    clock.time = 31_000
    expect(breaker.tryAcquire()).toBe(true)
  })
})

const down = () => new Response('no', { status: 503 })

async function failFiveTimes(server: Awaited<ReturnType<typeof startServer>>, model: Model) {
  model.author = down
  for (let round = 0; round < 5; round++) await expectFreeBankChallenge(server)
}

describe('after five generations in a row that failed', () => {
  test('no model call is made, and the bank answers', async () => {
    await using model = startModel()
    await using server = await startServer({ model, timings: oneAttempt })
    await failFiveTimes(server, model)
    const calls = model.requests.length
    model.author = goodChallenge

    await expectFreeBankChallenge(server)
    await expectFreeBankChallenge(server, 'user_2', 'hard')

    expect(calls).toBe(5)
    expect(model.requests).toHaveLength(5)
    expect(await (await server.fetch('/metrics')).text()).toContain('outcome="resting"} 1')
  })

  test('the pool still serves', async () => {
    await using model = startModel()
    await using server = await startServer({ model, env: { POOL_SIZE: '1' }, timings: oneAttempt })
    await server.generate('user_1', 'hard')
    await until(() => countReady(server, 'hard') === 1, 'the pool is full')
    await failFiveTimes(server, model)

    expect((await server.generate('user_1', 'hard')).body.source).toBe('ai')
  })

  test('a success between failures resets the count', async () => {
    await using model = startModel()
    await using server = await startServer({ model, timings: oneAttempt })
    model.author = () => (model.requests.length === 5 ? goodChallenge() : down())
    for (let round = 0; round < 8; round++) await server.generate('user_1')
    model.author = goodChallenge

    expect((await server.generate('user_1')).body.source).toBe('ai')
  })
})
