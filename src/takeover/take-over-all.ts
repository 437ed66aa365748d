import type { Store, Takeover } from '../store/store.ts'

/** Rows in one transaction. */
const batch = 500

/**
 * Takes over rows in batches, and prints how many were new and how many were here already. Then it does so once more:
 * each must be here already.
 * @throws Error with one sentence if one was not.
 */
export async function takeOverAll(store: Store, rows: Takeover) {
  const added = await takeOver(store, rows)
  const line = (name: string, read: number, fresh: number) =>
    `${name}: ${read} read, ${fresh} new, ${read - fresh} here already.\n`
  process.stdout.write(line('Challenges', rows.challenges.length, added.challenges))
  process.stdout.write(line('Quotas', rows.quotas.length, added.quotas))
  const missed = await takeOver(store, rows)
  if (missed.challenges + missed.quotas > 0) {
    throw new Error(
      'Some rows were gone again and had to be written once more: something is deleting them; run it again.',
    )
  }
}

async function takeOver(store: Store, { challenges, quotas }: Takeover) {
  const added = { challenges: 0, quotas: 0 }
  for (let at = 0; at < Math.max(challenges.length, quotas.length); at += batch) {
    const page = { challenges: challenges.slice(at, at + batch), quotas: quotas.slice(at, at + batch) }
    const fresh = await store.takeOver(page)
    added.challenges += fresh.challenges
    added.quotas += fresh.quotas
  }
  return added
}
