import { expect } from 'bun:test'
import type { Difficulty } from '../../src/question.ts'
import type { ClaimRequest, Store } from '../../src/store/store.ts'
import type { Topic } from '../../src/topics.ts'
import { noon } from './clock.ts'
import { claimOf, nextNumber, question } from './contract.ts'

/** Gives a new user many credits. */
export async function enrich(store: Store, userId: string) {
  const quota = { id: 1_000_000 + nextNumber(), userId, remaining: 1000, limit: 1000, lastReset: noon }
  await store.importRows({ questions: [], assignments: [], quotas: [quota] })
}

/** Puts a new question into circulation, by a reader of its own. Returns the title. */
export async function circulate(store: Store, difficulty: Difficulty, topic: string | null): Promise<string> {
  const added = question({ difficulty, topic })
  const supply = { from: 'model' as const, question: added }
  const asked = { difficulty, ...(topic === null ? {} : { topic: topic as Topic }), supply }
  expect(await store.claim(claimOf(`first reader ${nextNumber()}`, asked))).toMatchObject({ supply: 'model' })
  return added.title
}

export async function circulateAll(store: Store, difficulty: Difficulty, topics: (string | null)[]) {
  const titles: string[] = []
  for (const topic of topics) titles.push(await circulate(store, difficulty, topic))
  return titles
}

/** Claims from the library whatever its size. Returns the title, or the outcome without a challenge. */
export async function draw(store: Store, userId: string, more: Partial<ClaimRequest>): Promise<string> {
  const claim = await store.claim(claimOf(userId, { supply: { from: 'library' }, ...more }))
  if (claim.outcome !== 'claimed') return claim.outcome
  expect(claim).toMatchObject({ charged: true, supply: 'library', challenge: { state: 'circulating' } })
  return claim.challenge.title
}

/** Claims from the library until it has nothing new for the user. Returns the titles. */
export async function drawAll(store: Store, userId: string, more: Partial<ClaimRequest>): Promise<string[]> {
  const titles: string[] = []
  for (;;) {
    const title = await draw(store, userId, more)
    if (title === 'empty') return titles
    expect(title).not.toBe('exhausted')
    titles.push(title)
  }
}

export async function countLibrary(store: Store, difficulty: Difficulty): Promise<Record<string, number>> {
  const levels = (await store.countLibraries()).filter((level) => level.difficulty === difficulty)
  return Object.fromEntries(levels.map(({ topic, count }) => [topic ?? 'none', count]))
}
