import { expect, setDefaultTimeout, test } from 'bun:test'
import { noon } from '../support/clock.ts'
import { claimOf, nextNumber, question } from '../support/contract.ts'
import { circulate, circulateAll, countLibrary, draw, drawAll, enrich } from '../support/library.ts'
import { describeLibrary } from '../support/library-engines.ts'

setDefaultTimeout(60_000)

describeLibrary((get) => {
  test('forty parallel claims of forty users are all served, while questions enter circulation', async () => {
    const { store, other } = get()
    await circulateAll(store, 'medium', Array(3).fill('ruby'))
    const claims = await Promise.all([
      ...Array.from({ length: 40 }, (_, n) =>
        draw(n % 2 ? store : other, `reader ${n}`, { difficulty: 'medium', topic: 'ruby' }),
      ),
      ...Array.from({ length: 10 }, (_, n) => circulate(n % 2 ? store : other, 'medium', 'ruby')),
    ])
    expect(claims).not.toContain('empty')
    expect((await countLibrary(store, 'medium')).ruby).toBe(13)
    // The positions are dense: a new user walks through all of them.
    await enrich(store, 'completist')
    const drawn = new Set<string>()
    for (let n = 0; n < 13; n++)
      drawn.add(await draw(store, 'completist', { difficulty: 'medium', topic: 'ruby' }))
    expect(drawn.has('empty')).toBe(false)
    expect(drawn.size).toBe(13)
  })

  test('an erased user begins anew', async () => {
    const { store, other } = get()
    const [title = ''] = await circulateAll(store, 'easy', ['complexity'])
    await enrich(store, 'leaver')
    expect(await draw(store, 'leaver', { topic: 'complexity' })).toBe(title)
    expect(await draw(store, 'leaver', { topic: 'complexity' })).toBe('empty')
    await other.eraseUser('leaver')
    expect(await draw(other, 'leaver', { topic: 'complexity' })).toBe(title)
  })

  test('a library charges: it hands nothing to a user without credits, and replays an idempotency key', async () => {
    const { store } = get()
    await circulateAll(store, 'easy', Array(5).fill('http'))
    const http = { topic: 'http' as const }
    const first = await draw(store, 'payer', { ...http, idempotencyKey: 'k' })
    expect(await store.claim(claimOf('payer', { ...http, idempotencyKey: 'k' }))).toMatchObject({
      supply: undefined,
      challenge: { title: first },
    })
    expect(await draw(store, 'payer', http)).not.toBe(first)
    await draw(store, 'payer', http)
    expect(await draw(store, 'payer', http)).toBe('exhausted')
  })

  test('questions of the bank and imports without a fingerprint stay out of the library', async () => {
    const { store } = get()
    const before = await store.countLibraries()
    const questions = [question({ topic: 'bash', source: 'bank', bankId: `b ${nextNumber()}` })]
    const supply = { from: 'bank' as const, questions, repeats: false, free: true }
    expect((await store.claim(claimOf('bank user', { supply }))).outcome).toBe('claimed')
    expect(await draw(store, 'bash user', { topic: 'bash' })).toBe('empty')
    expect(await store.countLibraries()).toEqual(before)
  })

  test('a question that left circulation is not handed over, and comes back to every user who has not had it', async () => {
    const { engine, store, other } = get()
    const titles = await circulateAll(store, 'hard', Array(6).fill('java'))
    await enrich(store, 'early')
    await enrich(store, 'late')
    const java = { difficulty: 'hard' as const, topic: 'java' as const }
    const leaver = await store.claim(claimOf('early', { ...java, supply: { from: 'library' } }))
    if (leaver.outcome !== 'claimed') throw new Error('The library is empty.')
    const { title } = leaver.challenge
    const rest = titles.filter((other) => other !== title).toSorted()
    const id = await engine.readNumber('SELECT id FROM questions WHERE title = ?', title)

    await store.decide(id, 'retire')
    expect(await countLibrary(other, 'hard')).toEqual({ java: 5 })
    expect((await drawAll(store, 'early', java)).toSorted()).toEqual(rest)
    expect((await drawAll(other, 'late', java)).toSorted()).toEqual(rest)

    for (const _ of 'ab') await other.decide(id, 'keep')
    expect(await countLibrary(other, 'hard')).toEqual({ java: 6 })
    expect(await drawAll(store, 'early', java)).toEqual([])
    expect(await drawAll(other, 'late', java)).toEqual([title])

    for (const from of [store, other]) await from.decide(id, 'retire')
    expect(await countLibrary(other, 'hard')).toEqual({ java: 5 })
  })

  test('questions that circulated in a transferred database join the library, once, without imports of the original', async () => {
    const { store, other } = get()
    const [own = ''] = await circulateAll(store, 'easy', ['php'])
    const imported = (key: string, state: 'ready' | 'circulating') => ({
      ...question({ topic: 'php' }),
      ...{ id: nextNumber(), key, state, dateCreated: noon, reports: 0 },
      answers: [0, 0, 0, 0] as [number, number, number, number],
    })
    const questions = [
      imported('transferred 1', 'circulating'),
      imported('transferred 2', 'circulating'),
      imported('transferred 3', 'ready'),
      imported('original 4', 'circulating'),
    ]
    await enrich(store, 'reader')

    for (const from of [store, other]) await from.importRows({ questions, assignments: [], quotas: [] })

    const circulating = [own, ...questions.slice(0, 2).map(({ title }) => title)]
    expect(await countLibrary(store, 'easy')).toEqual({ php: 3 })
    expect((await drawAll(store, 'reader', { topic: 'php' })).toSorted()).toEqual(circulating.toSorted())
    await circulate(other, 'easy', 'php')
    expect(await drawAll(store, 'reader', { topic: 'php' })).toHaveLength(1)
  })
})
