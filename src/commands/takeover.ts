import type { Store, Takeover } from '../store/store.ts'

/** Rows in one transaction. */
const batch = 500

/** Takes over rows in batches, and prints how many were new and how many were here already. */
export async function takeOverAll(store: Store, { challenges, quotas }: Takeover) {
  const added = { challenges: 0, quotas: 0 }
  for (let at = 0; at < Math.max(challenges.length, quotas.length); at += batch) {
    const page = { challenges: challenges.slice(at, at + batch), quotas: quotas.slice(at, at + batch) }
    const { challenges: newChallenges, quotas: newQuotas } = await store.takeOver(page)
    added.challenges += newChallenges
    added.quotas += newQuotas
  }
  const line = (name: string, read: number, fresh: number) =>
    `${name}: ${read} read, ${fresh} new, ${read - fresh} here already.\n`
  process.stdout.write(line('Challenges', challenges.length, added.challenges))
  process.stdout.write(line('Quotas', quotas.length, added.quotas))
}
