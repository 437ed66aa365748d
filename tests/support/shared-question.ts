import type { Question, QuestionState } from '../../src/question.ts'
import type { Store } from '../../src/store/store.ts'
import { parallel } from './async.ts'
import { noon } from './clock.ts'
import { nextNumber, question } from './contract.ts'

/** A question in the hands of one learner. */
type Held = { userId: string; challengeId: number }

/** The key of every shared question. */
export const key = 2

/** Gives `count` learners, new ones or those of `to`, one question, whose key is 2. Returns their challenges. */
export async function share(
  store: Store,
  count: number,
  { state = 'circulating', to, ...more }: Partial<Question> & { state?: QuestionState; to?: string[] } = {},
): Promise<Held[]> {
  const name = `shared ${nextNumber()}`
  const asked = question({ fingerprint: name, ...more })
  const unanswered = {
    idempotencyKey: null,
    requestedTopic: null,
    answerId: null,
    answeredAt: null,
    charged: true,
  }
  const unreported = { reportReason: null, reportComment: null, reportedAt: null }
  const userIds = to ?? Array.from({ length: count }, (_, n) => `${name} learner ${n}`)
  const id = 5_000_000
  await store.importRows({
    questions: [{ ...asked, id, key: name, state, dateCreated: noon, answers: [0, 0, 0, 0], reports: 0 }],
    assignments: userIds.map((createdBy, n) => ({
      ...{ id: id + n, key: `${name} ${n}`, questionKey: name, createdBy, dateCreated: noon },
      ...{ ...unanswered, ...unreported },
    })),
    quotas: [],
  })
  return parallel(count, async (n) => {
    const userId = userIds[n] ?? ''
    const [challenge] = await store.history({ userId, limit: 1 })
    return { userId, challengeId: challenge?.id ?? 0 }
  })
}

/** Answers as these learners, one after another; returns why the question became suspected, for each answer. */
export async function answerAll(store: Store, learners: Held[], answerIds: number[]) {
  const suspicions = []
  for (const [n, answerId] of answerIds.entries()) {
    const held = learners[n]
    if (!held) throw new Error('There are more answers than learners.')
    suspicions.push((await store.answer({ ...held, answerId, now: noon }))?.suspected?.suspicion)
  }
  return suspicions
}

/** The state of the question that the learner has. */
export async function readState(store: Store, held: Held | undefined) {
  const { userId = '', challengeId = 0 } = held ?? {}
  return (await store.findChallenge(userId, challengeId))?.state
}
