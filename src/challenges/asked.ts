import type { Difficulty } from '../challenge.ts'
import type { Store } from '../store/store.ts'

/** How many of the latest titles the author is told to keep away from. */
const latest = 20

/** What a generation must know of the questions that are asked already. */
export async function askedAlready(store: Store, difficulty: Difficulty) {
  return { difficulty, recentTitles: await store.recentTitles(difficulty, latest), isAsked: store.isAsked }
}
