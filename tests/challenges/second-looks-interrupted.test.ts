import { Database } from 'bun:sqlite'
import { expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { until } from '../support/async.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'
import { readQuestion, reveal, shareQuestion, solveAs, untilState } from '../support/suspected.ts'

setDefaultTimeout(60_000)

const never = new Promise<never>(() => undefined)
const timings = { lookIntervalMs: 20 }

type Review = (call: number) => unknown
const failed = () => new Response('no', { status: 500 })
const busy = () => new Response('no', { status: 429 })

test.each<[string, Review]>([
  ['fails', failed],
  ['names no option', () => ({ reason: 'Hm.', answer: 'the third one' })],
  ['fails at each third solution', (call) => (call % 3 ? { reason: 'Solved.', answer: 'three' } : busy())],
])(
  'while the model %s, the question stays suspected without more warnings; later the question is decided',
  async (_, review) => {
    await using model = startModel()
    await using server = await startServer({ model, timings })
    model.review = () => review(model.calls('review'))
    const shared = shareQuestion(server, 15)
    await reveal(server, shared)
    await until(() => model.calls('review') >= 6, 'the second look is tried again')

    expect(readQuestion(server, shared).state).toBe('suspected')
    const warnings = server.lines.filter(({ level }) => level !== 'info')
    expect(warnings.map(({ msg }) => msg)).toEqual(['a question is suspected'])
    solveAs(model, 'three')
    await untilState(server, shared, 'circulating')
  },
)

test('while the circuit breaker is open, no second look calls the model', async () => {
  await using model = startModel()
  const clock = { time: 0, reads: 0 }
  // The breaker reads the clock each time it is asked.
  const monotonic = () => {
    clock.reads++
    return clock.time
  }
  await using server = await startServer({ model, monotonic, timings: { ...timings, modelPauseMs: 1 } })
  solveAs(model, 'three')
  model.author = failed
  for (let failure = 0; failure < 5; failure++) await server.generate('user_1')
  const shared = shareQuestion(server, 15)
  await reveal(server, shared)
  const { reads } = clock

  await until(() => clock.reads > reads + 3, 'the breaker was asked again and again')
  expect(model.calls('review')).toBe(0)
  clock.time += 30_000
  await untilState(server, shared, 'circulating')
})

test('without a model a suspected question waits for the operator', async () => {
  await using server = await startServer({ timings })
  const shared = shareQuestion(server, 15)
  await reveal(server, shared)
  expect(readQuestion(server, shared)).toEqual({ state: 'suspected', until: 0 })
})

test('a stop aborts the second look, and the next start takes it up at once', async () => {
  using folder = temporaryFolder()
  await using model = startModel()
  const path = join(folder.path, 'kept.db')
  const file = { database: () => new Database(path) }
  const env = { DATABASE_URL: `file:${path}`, GENERATION_TIMEOUT_MS: '600000' }
  const server = await startServer({ model, env })
  model.review = () => never
  const shared = shareQuestion(file, 15)
  await reveal(server, shared)
  await until(() => model.calls('review') === 1, 'the second look has begun')

  await server[Symbol.asyncDispose]()

  await until(() => model.requests[0]?.signal.aborted, 'the call is cancelled')
  expect(readQuestion(file, shared).state).toBe('suspected')
  solveAs(model, 'three')
  await using _ = await startServer({ model, env })
  await until(() => readQuestion(file, shared).state === 'circulating', 'the next server has decided')
  expect(model.calls('review')).toBe(4)
})
