import { expect, test } from 'bun:test'
import { createTurns } from '../../src/authoring/model/turns.ts'
import { parallel, until } from '../support/async.ts'
import { expectFreeBankChallenge } from '../support/authoring.ts'
import { goodChallenge, startModel, startPausedModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'

const { signal } = new AbortController()

/** A call that ends when the test says so. */
function createCall() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return {
    begun: false,
    end: resolve,
    work() {
      this.begun = true
      return promise
    },
  }
}

test('calls beyond the limit begin in the order of their arrival', async () => {
  const takeTurn = createTurns(2)
  const calls = Array.from({ length: 5 }, createCall)
  const begun = () => calls.map((call) => call.begun)
  const ends = calls.map((call) => takeTurn(() => call.work(), signal))
  await until(() => calls[1]?.begun, 'two calls begin')
  expect(begun()).toEqual([true, true, false, false, false])

  calls[1]?.end()
  await ends[1]
  await until(() => calls[2]?.begun, 'the third call begins')
  expect(begun()).toEqual([true, true, true, false, false])

  for (const { end } of calls) end()
  await Promise.all(ends)
  expect(begun()).toEqual([true, true, true, true, true])
})

test('a call that fails gives its turn to the next', async () => {
  const takeTurn = createTurns(1)
  const failed = takeTurn(() => Promise.reject(new Error('no')), signal)
  const next = takeTurn(() => Promise.resolve('yes'), signal)

  await expect(failed).rejects.toThrow('no')
  expect(await next).toBe('yes')
})

test('a call that is given up while it waits never begins, and takes no turn', async () => {
  const takeTurn = createTurns(1)
  const [running, waiting, last] = [createCall(), createCall(), createCall()]
  const given = new AbortController()
  const first = takeTurn(() => running.work(), signal)
  const second = takeTurn(() => waiting.work(), given.signal)
  const third = takeTurn(() => last.work(), signal)

  given.abort(new Error('given up'))
  await expect(second).rejects.toThrow('given up')
  await expect(takeTurn(() => waiting.work(), given.signal)).rejects.toThrow('given up')
  running.end()
  last.end()

  await Promise.all([first, third])
  expect([waiting.begun, last.begun]).toEqual([false, true])
})

test.each([1, 3])(
  'with MODEL_CONCURRENCY=%i no more calls of author and reviewer run at once',
  async (limit) => {
    await using model = startModel()
    const env = { REVIEW: 'on', MODEL_CONCURRENCY: `${limit}` }
    await using server = await startServer({ model, env })

    model.author = () => until(() => model.peak >= limit, 'calls at once').then(goodChallenge)

    const answers = await parallel(10, (user) => server.generate(`user_${user}`))

    for (const { body } of answers) expect(body.source).toBe('ai')
    expect(model.requests).toHaveLength(20)
    expect(model.peak).toBe(limit)
  },
)

test('a generation whose budget ends while its call waits leads to a free challenge of the bank', async () => {
  await using model = startPausedModel()
  const env = { MODEL_CONCURRENCY: '1', GENERATION_TIMEOUT_MS: '1000' }
  await using server = await startServer({ model, env })
  const first = expectFreeBankChallenge(server, 'user_1')
  await until(() => model.active === 1, 'the first call')

  await expectFreeBankChallenge(server, 'user_2')
  await first

  expect(model.requests.length).toBeLessThanOrEqual(2)
  expect(server.lines.filter(({ fault }) => fault === 'timeout')).toHaveLength(2)
})
