import { describe, expect, test } from 'bun:test'
import { createBreaker } from '../../src/authoring/breaker.ts'
import { eventually, expectFreeBankChallenge, oneAttempt, readyIn } from '../support/authoring.ts'
import { goodChallenge, type Model, startModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'

/** A breaker, and the clock that it looks at. */
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
  test('lets everything through while fewer than five fail in a row', () => {
    const { breaker, fail } = breakerAt()

    fail(4)
    expect([breaker.tryAcquire(), breaker.tryAcquire()]).toEqual([true, true])
    breaker.onSuccess()
    fail(4)

    expect(breaker.tryAcquire()).toBe(true)
  })

  test('lets nothing through for 30 seconds after the fifth', () => {
    const { breaker, clock, fail } = breakerAt()

    fail(5)
    clock.time += 29_999

    expect([breaker.tryAcquire(), breaker.tryAcquire()]).toEqual([false, false])
  })

  test('then lets one trial through at a time', () => {
    const { breaker, clock, fail } = breakerAt()

    fail(5)
    clock.time += 30_000

    expect([breaker.tryAcquire(), breaker.tryAcquire(), breaker.tryAcquire()]).toEqual([true, false, false])
  })

  test('closes when the trial succeeds, and counts from nothing', () => {
    const { breaker, clock, fail } = breakerAt()
    fail(5)
    clock.time += 30_000
    breaker.tryAcquire()

    breaker.onSuccess()
    fail(4)

    expect([breaker.tryAcquire(), breaker.tryAcquire()]).toEqual([true, true])
  })

  test('rests for another 30 seconds when the trial fails', () => {
    const { breaker, clock, fail } = breakerAt()
    fail(5)
    clock.time += 30_000

    fail(1)

    clock.time += 29_999
    expect(breaker.tryAcquire()).toBe(false)
    clock.time += 1
    expect(breaker.tryAcquire()).toBe(true)
  })

  test('lets the next one try when a trial is given up', () => {
    const { breaker, clock, fail } = breakerAt()
    fail(5)
    clock.time += 30_000
    breaker.tryAcquire()

    breaker.onAbandon()

    expect([breaker.tryAcquire(), breaker.tryAcquire()]).toEqual([true, false])
  })

  test('opens by five that were under way together, and does not lengthen its rest by asking', () => {
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

  test('the pool serves what it has', async () => {
    await using model = startModel()
    await using server = await startServer({ model, env: { POOL_SIZE: '1' }, timings: oneAttempt })
    await server.generate('user_1', 'hard')
    await eventually(() => readyIn(server, 'hard') === 1, 'a full pool')
    await failFiveTimes(server, model)

    expect((await server.generate('user_1', 'hard')).body.source).toBe('ai')
  })

  test('a success in between begins the count anew', async () => {
    await using model = startModel()
    await using server = await startServer({ model, timings: oneAttempt })
    model.author = () => (model.requests.length === 5 ? goodChallenge() : down())
    for (let round = 0; round < 8; round++) await server.generate('user_1')
    model.author = goodChallenge

    expect((await server.generate('user_1')).body.source).toBe('ai')
  })
})
