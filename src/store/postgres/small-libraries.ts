import type { ClaimRequest } from '../store.ts'

/** How long a size is remembered, in milliseconds. Other processes put questions into circulation too. */
const rememberedMs = 1000

/** The maximum number of claims that pass over a library between two looks. Their questions get their positions later. */
const maxPassing = 100

export type SmallLibraries = ReturnType<typeof createSmallLibraries>

/**
 * Remembers which libraries are far too small to serve, so that most claims from the pool do not look at them. A claim
 * adds one question at most: after half as many claims as a library lacks questions, a claim looks again. `now` returns
 * milliseconds.
 */
export function createSmallLibraries(now = () => performance.now()) {
  const passing = new Map<string, { claims: number; until: number }>()
  const toKey = ({ difficulty, topic }: ClaimRequest, least: number) => `${least} ${difficulty} ${topic}`

  return {
    /** Remembers that a library lacks `lacking` questions of the `least` that it needs for the request. */
    remember(request: ClaimRequest, least: number, lacking: number) {
      const claims = Math.min(maxPassing, Math.floor(lacking / 2))
      passing.set(toKey(request, least), { claims, until: now() + rememberedMs })
    },
    /** Whether the claim may pass over the library. Counts the claim if so. */
    pass(request: ClaimRequest, least: number): boolean {
      const known = passing.get(toKey(request, least))
      if (!known || known.claims === 0 || now() > known.until) return false
      known.claims--
      return true
    },
  }
}
