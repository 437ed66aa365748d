import type { EventBus } from '../events.ts'
import { type Problem, problems } from '../problem.ts'
import type { Challenge } from '../question.ts'
import { nextReset } from '../quota.ts'
import type { RateLimit } from '../rate-limit-headers.ts'
import type { HistoryRequest } from '../store/records.ts'
import type { ClaimOutcome } from '../store/store.ts'
import { describeTopics, type Topic, topics } from '../topics.ts'
import { createUserSlots } from './admission.ts'
import { type ChallengeRequest, createSupply, type SupplyParts } from './supply.ts'

type Parts = SupplyParts & {
  events: EventBus
  rateLimit: RateLimit
  /** The topics that users may ask for. */
  topics: readonly Topic[]
}

/** A challenge that was handed over, with the headers for the quota after it. */
type HandOver = { challenge: Challenge; headers: ReturnType<RateLimit> }

export type ChallengeService = ReturnType<typeof createChallengeService>

/** Gives users challenges, and lists their histories. */
export function createChallengeService(parts: Parts) {
  const { store, events, rateLimit, now, topics: offered } = parts
  const { claimStored, claimGenerated, claimFromBank } = createSupply(parts)
  const acquire = createUserSlots()
  const running = new Map<string, { request: ChallengeRequest; given: Promise<HandOver> }>()

  /**
   * Hands the user a challenge and charges a credit for it, or does neither. It comes from a large library, the pool or
   * the model. When the model fails, it comes from a library whatever its size, or else from the bank, free of charge.
   * @throws Problem `invalid_request`, `quota_exhausted`, `quota_in_flight`, `idempotency_mismatch` or `unavailable`
   */
  async function generateChallenge(request: ChallengeRequest): Promise<HandOver> {
    const { userId, difficulty, topic, idempotencyKey } = request
    if (topic !== undefined && !offered.includes(topic)) await requireRepeat(request)
    if (idempotencyKey === undefined) return handOver(request)
    // Coalesce concurrent requests with the same key; the store would detect the duplicate only after both paid for a
    // generation.
    const name = `${userId} ${idempotencyKey}`
    const first = running.get(name)
    if (first?.request.difficulty === difficulty && first.request.topic === topic) return first.given
    if (first) {
      // Let the store decide which request owns the key; it may have been recorded earlier.
      await first.given.catch(() => undefined)
      return generateChallenge(request)
    }
    const given = handOver(request).finally(() => running.delete(name))
    running.set(name, { request, given })
    return given
  }

  /** @throws Problem `invalid_request` unless the request repeats one that got a challenge */
  async function requireRepeat({ userId, idempotencyKey }: ChallengeRequest) {
    const isRepeat = idempotencyKey !== undefined && (await store.hasKey(userId, idempotencyKey))
    if (!isRepeat) throw problems.invalidValue('topic', describeTopics(offered))
  }

  async function handOver(request: ChallengeRequest): Promise<HandOver> {
    if (!claimGenerated) return unwrapClaim(await claimFromBank(request), request)
    const slot = acquire(request.userId)
    try {
      const claim = await claimStored(request)
      if (claim.outcome !== 'empty') return unwrapClaim(claim, request)
      if (!slot.admit(claim.quota.remaining)) {
        throw refuse(problems.quotaInFlight()).withHeaders(rateLimit(claim.quota, now()))
      }
      return unwrapClaim(await claimGenerated(request), request)
    } finally {
      slot.release()
    }
  }

  /** @throws Problem unless a challenge was handed over. */
  function unwrapClaim(claim: ClaimOutcome, { topic }: ChallengeRequest): HandOver {
    const headers = rateLimit(claim.quota, now())
    if (claim.outcome !== 'claimed') throw toRefusal(claim, topic).withHeaders(headers)
    const { challenge, charged, supply } = claim
    const { difficulty, source } = challenge
    if (supply)
      void events.emit('challenge.claimed', { difficulty, requested: topic, source, supply, charged })
    return { challenge, headers }
  }

  function toRefusal({ outcome, quota }: ClaimOutcome, topic: Topic | undefined): Problem {
    if (outcome === 'exhausted') return refuse(problems.quotaExhausted(nextReset(quota), now()))
    if (outcome === 'mismatch') return problems.idempotencyMismatch()
    return topic === undefined ? problems.noChallenge() : problems.noChallengeOnTopic(topics[topic].name)
  }

  function refuse(problem: Problem): Problem {
    void events.emit('quota.refused', { code: problem.code })
    return problem
  }

  return {
    generate: generateChallenge,

    /** @throws Problem `not_found` unless the user has the challenge */
    async find(userId: string, id: number): Promise<Challenge> {
      const challenge = await store.findChallenge(userId, id)
      if (!challenge) throw problems.challengeNotFound()
      return challenge
    },

    /** A page of the user's challenges, newest first, and the position of the next page if there is one. */
    async history(request: HistoryRequest) {
      const found = await store.history({ ...request, limit: request.limit + 1 })
      // A user's first request opens the quota. A user with challenges has one: a claim opened it.
      if (found.length === 0) await store.openQuota(request.userId, now())
      const page = found.slice(0, request.limit)
      return { page, next: found.length > page.length ? page.at(-1) : undefined }
    },
  }
}
