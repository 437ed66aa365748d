import type { Challenge } from '../question.ts'
import type { ChallengeSchema, HistorySchema } from './schemas.ts'

/** When a client gets the key, the explanation and the option notes of a challenge. */
export type Reveal = 'at_once' | 'after_answer'

type HistoryItem = (typeof HistorySchema.static)['challenges'][number]

/**
 * Converts challenges to what clients get. No other code puts a challenge into an answer, except the route that answers
 * a challenge. So no route can reveal the key early.
 */
export function createWire(reveal: Reveal) {
  function toShared(challenge: Challenge) {
    const { id, difficulty, topic, title, options, source, charged, answerId, answeredAt } = challenge
    const revealed = reveal === 'at_once' || answerId !== null
    const correct = answerId === challenge.correctAnswerId
    return {
      id,
      difficulty,
      topic,
      title,
      options,
      correct_answer_id: revealed ? challenge.correctAnswerId : null,
      explanation: revealed ? challenge.explanation : null,
      option_notes: revealed ? challenge.optionNotes : null,
      source,
      charged,
      answer:
        answerId === null ? null : { answer_id: answerId, correct, answered_at: toIsoTime(answeredAt ?? 0) },
    }
  }

  return {
    /** A challenge as `POST /api/generate-challenge` answers it. */
    toChallenge: (challenge: Challenge): typeof ChallengeSchema.static => ({
      ...toShared(challenge),
      timestamp: toIsoTime(challenge.dateCreated),
    }),
    /** A challenge as `GET /api/my-history` lists it. */
    toHistoryItem: (challenge: Challenge): HistoryItem => ({
      ...toShared(challenge),
      date_created: toIsoTime(challenge.dateCreated),
      created_by: challenge.createdBy,
      retired: challenge.state === 'retired',
    }),
  }
}

const toIsoTime = (time: number) => new Date(time).toISOString()
