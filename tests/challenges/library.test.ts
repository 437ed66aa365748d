import { expect, setDefaultTimeout, test } from 'bun:test'
import { until } from '../support/async.ts'
import { countReady } from '../support/database.ts'
import { startModel } from '../support/model.ts'
import { type Server, startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

const fails = () => new Response('no', { status: 401 })

/** The lines of a metric that are not zero, with their labels. */
async function readMetric(server: Server, name: string): Promise<Record<string, number>> {
  const text = await (await server.fetch('/metrics')).text()
  const values = text.matchAll(new RegExp(`^${name}\\{(.*)\\} (\\d+)$`, 'gm'))
  return Object.fromEntries(
    [...values].filter(([, , value]) => value !== '0').map(([, labels, value]) => [labels, Number(value)]),
  )
}

/** The titles and sources of `count` challenges on a topic, one after another. */
async function generate(server: Server, user: string, count: number, topic = 'go') {
  const given = []
  for (let n = 0; n < count; n++) given.push((await server.generateOn(user, topic)).body)
  return { titles: given.map(({ title }) => title), sources: given.map(({ source }) => source) }
}

test('from LIBRARY_SIZE questions on, learners get those they have not had before the model is called', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { LIBRARY_SIZE: '3' } })
  const written = await generate(server, 'author', 3)
  expect(model.calls('challenge')).toBe(3)

  const readers = await Promise.all(['ann', 'ben', 'cy'].map((user) => generate(server, user, 3)))

  for (const { titles } of readers) expect(titles.toSorted()).toEqual(written.titles.toSorted())
  expect(model.calls('challenge')).toBe(3)
  expect((await server.quota('ann')).body.quota_remaining).toBe(47)
  // The author and the readers have had all: the next one is new, and the others get it.
  const next = await generate(server, 'ann', 1)
  expect(model.calls('challenge')).toBe(4)
  expect(await generate(server, 'author', 1)).toEqual(next)
  expect(model.calls('challenge')).toBe(4)
  expect(await readMetric(server, 'hand_overs_total')).toEqual({
    'difficulty="easy",supply="library"': 10,
    'difficulty="easy",supply="model"': 4,
  })
  expect(await readMetric(server, 'library_questions')).toEqual({ 'difficulty="easy",topic="go"': 4 })
})

test('a library of another topic or difficulty, or one that is too small, does not serve', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { LIBRARY_SIZE: '3' } })
  await generate(server, 'author', 3)
  await generate(server, 'author', 2, 'sql')

  await server.generateOn('ann', 'sql')
  await server.generateOn('ann', 'go', 'hard')

  expect(model.calls('challenge')).toBe(7)
  // Any topic: five questions circulate.
  const any = await server.generate('ben')
  expect([any.body.source, model.calls('challenge')]).toEqual(['ai', 7])
})

test('the pool serves a user who has had the whole library, and is not filled while the library is large enough', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { LIBRARY_SIZE: '2', POOL_SIZE: '2' } })
  await server.generateOn('author', 'go')
  await until(() => countReady(server, 'easy') === 2, 'the pool is full')
  expect(model.calls('challenge')).toBe(3)

  // The library has one question: the pool serves, and the library is large enough from then on.
  await server.generateOn('author', 'go')
  const ann = await generate(server, 'ann', 3)
  const ben = await generate(server, 'ben', 3)

  expect(new Set(ann.titles).size).toBe(3)
  expect(ben.titles.toSorted()).toEqual(ann.titles.toSorted())
  expect(await readMetric(server, 'hand_overs_total')).toEqual({
    'difficulty="easy",supply="library"': 5,
    'difficulty="easy",supply="pool"': 2,
    'difficulty="easy",supply="model"': 1,
  })
  expect(model.calls('challenge')).toBe(3)
  expect(countReady(server, 'easy')).toBe(0)
})

test('when the model fails, the library serves whatever its size, charged, and then the bank, free of charge', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { LIBRARY_SIZE: '1000' } })
  const written = await generate(server, 'author', 2)
  model.author = fails

  const given = await generate(server, 'ann', 3)

  expect(given.titles.slice(0, 2).toSorted()).toEqual(written.titles.toSorted())
  expect(given.sources).toEqual(['ai', 'ai', 'bank'])
  expect((await server.quota('ann')).body.quota_remaining).toBe(48)
  expect(await generate(server, 'author', 1)).toMatchObject({ sources: ['bank'] })
})

test('with LIBRARY_SIZE=0 no question is handed to two learners, also while the model fails', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { LIBRARY_SIZE: '0' } })
  const first = await generate(server, 'ann', 4)
  const second = await generate(server, 'ben', 4)
  model.author = fails
  const third = await generate(server, 'cy', 2)

  expect(new Set([...first.titles, ...second.titles]).size).toBe(8)
  expect(third.sources).toEqual(['bank', 'bank'])
  expect(model.calls('challenge')).toBeGreaterThanOrEqual(8)
})
