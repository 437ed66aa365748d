import { expect, setDefaultTimeout, test } from 'bun:test'
import type { Store } from '../../src/store/store.ts'
import type { Topic } from '../../src/topics.ts'
import { noon } from '../support/clock.ts'
import { claimOf, nextNumber, question } from '../support/contract.ts'
import { circulateAll, countLibrary, draw, drawAll, enrich } from '../support/library.ts'
import { describeLibrary } from '../support/library-engines.ts'

setDefaultTimeout(60_000)

describeLibrary((get) => {
  test('a library hands over each of its questions to a user once, and then nothing, free of charge', async () => {
    const { store, other } = get()
    const topics = [...Array(20).fill('go'), ...Array(15).fill('git'), ...Array(5).fill(null)]
    const titles = await circulateAll(store, 'hard', topics)
    await enrich(store, 'walker')

    const drawn: string[] = []
    for (const [n] of titles.entries())
      drawn.push(await draw(n % 2 ? store : other, 'walker', { difficulty: 'hard' }))

    expect(drawn.toSorted()).toEqual(titles.toSorted())
    expect(drawn).not.toEqual(titles)
    expect(await draw(store, 'walker', { difficulty: 'hard' })).toBe('empty')
    expect((await store.refreshQuota('walker', noon)).remaining).toBe(960)
    expect(await countLibrary(other, 'hard')).toEqual({ git: 15, go: 20, none: 5 })

    // The library grows during and after the walk.
    const more = await circulateAll(store, 'hard', ['go', 'sql', 'go'])
    const next: string[] = []
    for (const _ of more) next.push(await draw(other, 'walker', { difficulty: 'hard' }))
    expect(next.toSorted()).toEqual(more.toSorted())
    expect(await draw(other, 'walker', { difficulty: 'hard' })).toBe('empty')
  })

  test('a library that grows while a user walks through it loses no question', async () => {
    const { store, other } = get()
    await enrich(store, 'companion')
    const expected: string[] = []
    const drawn: string[] = []
    for (let round = 0; round < 12; round++) {
      expected.push(...(await circulateAll(other, 'medium', Array(1 + (round % 3)).fill('kotlin'))))
      drawn.push(await draw(store, 'companion', { difficulty: 'medium', topic: 'kotlin' }))
    }
    drawn.push(...(await drawAll(store, 'companion', { difficulty: 'medium', topic: 'kotlin' })))
    expect(drawn.toSorted()).toEqual(expected.toSorted())
  })

  test('a claim with a topic gets the questions of this topic, one without gets those of the offered topics', async () => {
    const { engine, store } = get()
    const [css = '', php = '', none = ''] = await circulateAll(store, 'easy', ['css', 'php', null])
    await enrich(store, 'chooser')
    await enrich(store, 'narrowed')
    const narrowed = await engine.open(['css'])

    expect(await drawAll(store, 'chooser', { topic: 'php' })).toEqual([php])
    expect((await drawAll(store, 'chooser', {})).toSorted()).toEqual([css, none].toSorted())
    expect((await drawAll(narrowed, 'narrowed', {})).toSorted()).toEqual([css, none].toSorted())
    // Their topic is offered again.
    expect(await drawAll(store, 'narrowed', {})).toEqual([php])
    await narrowed.close()
  })

  test('a library serves before the pool from its size on, counted of the topic or of the offered topics', async () => {
    const { engine, store } = get()
    await circulateAll(store, 'hard', ['rust', 'rust', 'sql'])
    const narrowed = await engine.open(['rust'])
    const claim = async (from: Store, librarySize: number, topic?: Topic) => {
      const request = { difficulty: 'hard' as const, topic, supply: { from: 'pool' as const, librarySize } }
      const given = await from.claim(claimOf(`counted ${nextNumber()}`, request))
      return given.outcome === 'claimed' ? given.supply : given.outcome
    }

    expect(await claim(store, 2, 'rust')).toBe('library')
    expect(await claim(store, 3, 'rust')).toBe('empty')
    expect(await claim(narrowed, 2)).toBe('library')
    expect(await claim(narrowed, 3)).toBe('empty')
    expect(await claim(store, 0, 'rust')).toBe('empty')
    await store.addReady(question({ difficulty: 'hard', topic: 'rust' }), noon)
    expect(await claim(store, 3, 'rust')).toBe('pool')
    // The question from the pool circulates now.
    expect(await claim(store, 3, 'rust')).toBe('library')
    await narrowed.close()
  })

  test('a library that grew by another process serves when the pool is empty', async () => {
    const { store, other } = get()
    const supply = { from: 'pool' as const, librarySize: 6 }
    const claim = () => other.claim(claimOf(`reader ${nextNumber()}`, { topic: 'swift', supply }))
    await circulateAll(store, 'easy', ['swift', 'swift'])
    expect((await claim()).outcome).toBe('empty')
    await circulateAll(store, 'easy', Array(4).fill('swift'))

    expect(await claim()).toMatchObject({ outcome: 'claimed', supply: 'library' })
  })

  test('forty parallel claims of one user over two connections get different questions', async () => {
    const { store, other } = get()
    const titles = await circulateAll(store, 'medium', Array(30).fill('swift'))
    await enrich(store, 'hurried')
    const claims = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        draw(n % 2 ? store : other, 'hurried', { difficulty: 'medium', topic: 'swift' }),
      ),
    )
    const drawn = claims.filter((title) => title !== 'empty')
    expect(drawn.toSorted()).toEqual(titles.toSorted())
    expect((await store.refreshQuota('hurried', noon)).remaining).toBe(970)
  })
})
