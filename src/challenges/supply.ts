import { GenerationFailed } from '../failure.ts'
import { problems } from '../problem.ts'
import type { Difficulty, Question } from '../question.ts'
import type { ClaimOutcome, ClaimRequest, Store } from '../store/store.ts'
import type { Writer } from './writer.ts'

export type SupplyParts = {
  store: Store
  /** The model. Without one the bank is the author, and its challenges are charged. */
  write?: Writer | undefined
  /** Loads the bank when it is first needed. */
  loadBank: () => Promise<Record<Difficulty, Question[]>>
  /** The number of circulating questions from which on a library serves before pool and model; 0: no library. */
  librarySize: number
  /** Epoch milliseconds. */
  now: () => number
}

export type ChallengeRequest = Pick<ClaimRequest, 'userId' | 'difficulty' | 'topic' | 'idempotencyKey'> & {
  /** Aborted when the client has disconnected. */
  signal: AbortSignal
}

/** Whether to charge nothing, because the client disconnected. With an idempotency key it will retry. */
const isGone = ({ signal, idempotencyKey }: ChallengeRequest) =>
  signal.aborted && idempotencyKey === undefined

/** Claims questions from the places where the next one may come from: library, pool, model, bank. */
export function createSupply({ store, write, loadBank, librarySize, now }: SupplyParts) {
  /** Puts the model's question into the pool and hands the user the first of the pool, in one transaction. */
  async function assign(question: Question, request: ChallengeRequest): Promise<ClaimOutcome | 'repeat'> {
    if (isGone(request)) {
      await store.addReady(question, now())
      throw problems.clientDisconnected()
    }
    const claim = await store.claim({ ...toClaim(request), supply: { from: 'model', question } })
    return claim.outcome === 'repeat' ? 'repeat' : claim
  }

  async function fallBack(request: ChallengeRequest): Promise<ClaimOutcome> {
    if (librarySize > 0 && !isGone(request)) {
      const claim = await store.claim({ ...toClaim(request), supply: { from: 'library' } })
      if (claim.outcome !== 'empty') return claim
    }
    return claimFromBank(request)
  }

  /** Claims from the bank: charged if the bank is the author, and free if it replaces the model. */
  async function claimFromBank(request: ChallengeRequest): Promise<ClaimOutcome> {
    const { difficulty, topic: asked } = request
    const bank = await loadBank()
    const questions = bank[difficulty].filter(({ topic }) => asked === undefined || topic === asked)
    const supply = { from: 'bank' as const, questions, repeats: !write, free: write !== undefined }
    return store.claim({ ...toClaim(request), supply })
  }

  function toClaim({ userId, difficulty, topic, idempotencyKey }: ChallengeRequest) {
    return { userId, difficulty, topic, idempotencyKey, now: now() }
  }

  return {
    claimFromBank,

    /** Claims from a library that is large enough, or else from the pool. */
    claimStored: (request: ChallengeRequest) =>
      store.claim({ ...toClaim(request), supply: { from: 'pool', librarySize } }),

    /**
     * Claims from the model; if it fails, from a library of any size, or else from the bank, free of charge.
     * `undefined` without a model.
     */
    claimGenerated:
      write &&
      (async (request: ChallengeRequest): Promise<ClaimOutcome> => {
        try {
          return await write(request.difficulty, request.topic, (question) => assign(question, request))
        } catch (error) {
          if (!(error instanceof GenerationFailed)) throw error
          return fallBack(request)
        }
      }),
  }
}
