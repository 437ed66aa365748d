import type { PickFromBank } from '../authoring/bank.ts'
import { GenerationFailed } from '../authoring/failure.ts'
import type { Generate } from '../authoring/generate.ts'
import type { Challenge, Difficulty, Draft } from '../challenge.ts'
import type { EventBus } from '../events.ts'
import { Problem, unavailable } from '../problem.ts'
import { nextReset } from '../quota/policy.ts'
import type { ClaimOutcome, HistoryRequest, Store } from '../store/store.ts'
import { createAdmission } from './admission.ts'
import { askedAlready } from './asked.ts'
import { exhausted, inFlight, mismatch } from './refusals.ts'

type Parts = {
  store: Store
  /** The model; without one the bank is the author, and its challenges are charged. */
  generate?: Generate | undefined
  pickFromBank: PickFromBank
  events: EventBus
  /** Epoch milliseconds. */
  now: () => number
}

type ChallengeRequest = {
  userId: string
  difficulty: Difficulty
  idempotencyKey?: string | undefined
  /** Aborted when the client is gone. */
  signal: AbortSignal
}

export type ChallengeService = ReturnType<typeof createChallengeService>

/** What users do with challenges: get one, and look back at those they got. */
export function createChallengeService({ store, generate, pickFromBank, events, now }: Parts) {
  const arrive = createAdmission()
  const running = new Map<string, { difficulty: Difficulty; challenge: Promise<Challenge> }>()

  /**
   * Hands the user a challenge and charges a credit for it, or does neither. When the model fails it is one of the
   * bank's, and free.
   * @throws Problem `quota_exhausted`, `quota_in_flight`, `idempotency_mismatch` or `unavailable`
   */
  async function generateChallenge(request: ChallengeRequest): Promise<Challenge> {
    const { userId, difficulty, idempotencyKey } = request
    if (idempotencyKey === undefined) return handOver(request)
    // Two that arrive together are one: the store would tell them apart only after both had cost a generation.
    const name = `${userId} ${idempotencyKey}`
    const first = running.get(name)
    if (first?.difficulty === difficulty) return first.challenge
    if (first) {
      // Which of the two has the key, the store says: it may have been used long before.
      await first.challenge.catch(() => undefined)
      return generateChallenge(request)
    }
    const challenge = handOver(request).finally(() => running.delete(name))
    running.set(name, { difficulty, challenge })
    return challenge
  }

  async function handOver(request: ChallengeRequest): Promise<Challenge> {
    if (!generate) return settle(await claimFromBank(request, false))
    const ticket = arrive(request.userId)
    try {
      const supply = { from: 'pool' } as const
      const claim = await store.claim({ ...claimOf(request), reserved: ticket.reserved(), supply })
      if (claim.outcome !== 'empty') return settle(claim)
      if (!ticket.admit(claim.quota.remaining)) throw refused(inFlight())
      return settle(await generateOrFallBack(request, generate))
    } finally {
      ticket.leave()
    }
  }

  async function generateOrFallBack(request: ChallengeRequest, generate: Generate): Promise<ClaimOutcome> {
    try {
      return await generate({
        ...(await askedAlready(store, request.difficulty)),
        deliver: (draft) => deliver(draft, request),
      })
    } catch (error) {
      if (!(error instanceof GenerationFailed)) throw error
      return claimFromBank(request, true)
    }
  }

  /** What the model wrote goes into the pool and out again to the user, in one transaction. */
  async function deliver(draft: Draft, request: ChallengeRequest): Promise<ClaimOutcome | undefined> {
    // Nobody is charged for an answer that nobody waits for; with a key, they will come back for it.
    if (request.signal.aborted && request.idempotencyKey === undefined) {
      await store.addReady(draft, now())
      throw new Problem('timeout', 'The client went away before its challenge was ready.')
    }
    const claim = await store.claim({ ...claimOf(request), supply: { from: 'draft', draft } })
    return claim.outcome === 'empty' ? undefined : claim
  }

  function claimFromBank(request: ChallengeRequest, free: boolean): Promise<ClaimOutcome> {
    const pick = (seen: string[]) => pickFromBank(request.difficulty, seen)
    return store.claim({ ...claimOf(request), supply: { from: 'bank', pick, free } })
  }

  /** What a claim needs of a request, now. */
  function claimOf({ userId, difficulty, idempotencyKey }: ChallengeRequest) {
    return { userId, difficulty, idempotencyKey, now: now() }
  }

  function settle(claim: ClaimOutcome): Challenge {
    if (claim.outcome === 'exhausted') throw refused(exhausted(nextReset(claim.quota), now()))
    if (claim.outcome === 'in_flight') throw refused(inFlight())
    if (claim.outcome === 'mismatch') throw mismatch()
    if (claim.outcome === 'empty') {
      throw unavailable('No challenge can be generated right now; try again in half a minute.', undefined, 30)
    }
    const { challenge, replayed, charged } = claim
    const { id, difficulty, source } = challenge
    if (!replayed) void events.emit('challenge.claimed', { challengeId: id, difficulty, source, charged })
    return challenge
  }

  function refused(problem: Problem): Problem {
    void events.emit('quota.refused', { code: problem.code })
    return problem
  }

  return {
    generate: generateChallenge,

    /** A page of the user's challenges, newest first, and the place where the next one begins, if there is one. */
    async history(request: HistoryRequest) {
      const found = await store.history({ ...request, limit: request.limit + 1 }, now())
      const page = found.slice(0, request.limit)
      return { page, next: found.length > page.length ? page.at(-1) : undefined }
    },
  }
}
