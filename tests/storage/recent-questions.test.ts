import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { RecentQuestion } from '../../src/question.ts'
import { createRecentReader } from '../../src/store/recent.ts'
import { createSoundness } from '../../src/store/soundness.ts'
import { useEngines } from '../support/engines.ts'
import { goodChallenge, startModel } from '../support/model.ts'
import { seeded } from '../support/seeded.ts'

setDefaultTimeout(60_000)

describe.each(useEngines())('a server on %s that has read the recent questions', (_, start) => {
  test('rejects a question that another process stored since, until that question is deleted', async () => {
    await using model = startModel()
    await using it = await start({ model, env: { TOPICS: 'sql' } })
    const first = await it.server.generate('user_1')
    const asked = goodChallenge()
    const fresh = goodChallenge()
    await it.damage(
      `INSERT INTO questions (difficulty, topic, title, options, correct_answer_id, explanation, date_created)
        VALUES ('easy', 'sql', 'So, ${asked.question}', '["${asked.answer}", "b", "c", "d"]', 0, 'Because.', 1)`,
    )
    const answers = [asked, fresh, asked]
    model.author = () => answers.shift()

    const second = await it.server.generate('user_1')
    await it.damage(`DELETE FROM questions WHERE title LIKE 'So, %'`)
    const third = await it.server.generate('user_1')

    const titles = [first, second, third].map(({ body }) => body.title)
    expect(titles.slice(1)).toEqual([fresh.question, asked.question])
  })
})

test('a question that was changed in place is read again after a minute, and a damaged one leaves the list', async () => {
  const stored: RecentQuestion & { id: number } = {
    id: 1,
    topic: 'sql',
    title: 'What is stored?',
    options: ['a', 'b', 'c', 'd'],
    correctAnswerId: 0,
    fingerprint: 'f',
  }
  const clock = { ms: 0 }
  const damaged: number[] = []
  const readRecent = createRecentReader({
    read: async (topic, { newest }) => ({
      known: { count: newest === 1 ? 1 : 0 },
      newer: topic === null || newest === 1 ? [] : [{ ...stored }],
    }),
    sound: createSoundness(({ id }) => void damaged.push(id)),
    monotonic: () => clock.ms,
  })
  const readTitles = async () => (await readRecent('sql')).map(({ title }) => title)
  expect(await readTitles()).toEqual(['What is stored?'])

  stored.title = 'What is changed?'
  clock.ms += 59_999
  expect(await readTitles()).toEqual(['What is stored?'])
  clock.ms += 1
  expect(await readTitles()).toEqual(['What is changed?'])

  stored.title = ''
  clock.ms += 60_000
  expect(await readTitles()).toEqual([])
  expect(damaged).toEqual([1])
})

test('a list follows what is stored and deleted, at any place, and keeps each question that is unchanged', async () => {
  const random = seeded(7)
  const table = new Map<number, RecentQuestion & { id: number }>()
  const read: number[] = []
  const add = (id: number, topic: string | null) =>
    table.set(id, {
      id,
      topic,
      title: `Question ${id}?`,
      options: ['a', 'b', 'c', 'd'],
      correctAnswerId: 0,
      fingerprint: null,
    })
  const latest = (topic: string | null) =>
    [...table.values()].filter((row) => row.topic === topic).sort((a, b) => b.id - a.id)
  const readRecent = createRecentReader({
    async read(topic, { oldest, newest }) {
      const known = latest(topic).filter(({ id }) => id >= oldest && id <= newest)
      const newer = latest(topic).filter(({ id }) => id > newest)
      read.push(...newer.map(({ id }) => id))
      const rows = newer.slice(0, 1000).map((row) => ({ ...row }))
      return { known: { count: known.length }, newer: rows }
    },
    sound: createSoundness(() => undefined),
  })
  let last = 10_000
  const addNew = (topic: string | null) => {
    last += 10
    add(last, topic)
  }
  for (let n = 0; n < 990; n++) addNew('sql')
  const seen = new Map<string, RecentQuestion>()
  for (let round = 0; round < 60; round++) {
    const change = random.pick(['add', 'add', 'add of none', 'add an older one', 'delete', 'delete'])
    const ids = [...table.keys()]
    if (change === 'delete') table.delete(random.pick(ids))
    else if (change === 'add an older one') add(random.pick(ids) - random.whole(1, 9), 'sql')
    else addNew(change === 'add' ? 'sql' : null)
    const expected = [...latest('sql'), ...latest(null)].sort((a, b) => b.id - a.id).slice(0, 1000)
    const recent = await readRecent('sql')
    expect(recent).toEqual(expected)
    // The same objects, so that their comparable forms are computed once.
    expect(
      new Set(seen.values()).isSupersetOf(new Set(recent.filter(({ title }) => seen.has(title)))),
    ).toBeTrue()
    for (const question of recent) seen.set(question.title, question)
  }

  read.length = 0
  addNew('sql')
  const before = await readRecent('sql')
  const same = await readRecent('sql')
  expect(read).toEqual([last])
  expect(same).toEqual(before)
})
