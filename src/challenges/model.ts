import { Type as t } from '@sinclair/typebox'
import { moment, oneOf, requestBody, word } from '../http/schema.ts'
import { type Challenge, difficulties } from '../question.ts'

// A description completes the sentence "… must be …", which is what a client that got it wrong is told.
const DifficultyModel = oneOf(difficulties, 'easy, medium or hard')

/** The body of `POST /api/generate-challenge`. */
export const GenerateBody = requestBody(
  { difficulty: DifficultyModel },
  {
    description: 'a JSON object such as {"difficulty":"easy"}',
    examples: [{ difficulty: 'easy' }],
  },
)

/** Its headers that mean something. */
export const GenerateHeaders = t.Object({
  'idempotency-key': t.Optional(
    t.String({
      pattern: '^[\\x20-\\x7e]{1,255}$',
      description: '1 to 255 printable ASCII characters',
    }),
  ),
})

/** The query of `GET /api/my-history`. */
export const HistoryQuery = t.Object({
  limit: t.Optional(
    t.String({
      pattern: '^([1-9]\\d?|[1-4]\\d\\d|500)$',
      description: 'a whole number from 1 to 500',
      documentedAs: { type: 'integer', minimum: 1, maximum: 500, default: 100, examples: [20] },
    }),
  ),
  cursor: t.Optional(
    t.String({ pattern: '^[\\w-]{1,64}$', description: 'the next_cursor of an earlier page' }),
  ),
  difficulty: t.Optional(DifficultyModel),
})

const shared = {
  id: t.Integer(),
  difficulty: word(difficulties),
  title: t.String({ description: 'The question in Markdown; its code, if any, in a fence.' }),
  options: t.Array(t.String(), { minItems: 4, maxItems: 4, description: 'Plain text.' }),
  correct_answer_id: t.Integer({ minimum: 0, maximum: 3, description: 'The place of the right option.' }),
  explanation: t.String({ description: 'Markdown.' }),
  source: word(['ai', 'bank'], 'Written by the model, or embedded.'),
}

const example = {
  id: 1042,
  difficulty: 'easy',
  title: 'What does this code print?\n\n```javascript\nconsole.log(typeof null)\n```',
  options: ['null', 'object', 'undefined', 'number'],
  correct_answer_id: 1,
  explanation: '`typeof null` is `object`: a mistake of the first JavaScript that was never mended.',
  source: 'ai',
}
const handedOver = '2026-11-24T11:34:40.613Z'

/** A challenge that has just been handed over. */
export const ChallengeModel = t.Object(
  { ...shared, timestamp: moment('The moment of hand-over.') },
  {
    description: 'The challenge, which is the user’s now.',
    examples: [{ ...example, timestamp: handedOver }],
  },
)

/** A page of the challenges that a user was handed over. */
export const HistoryModel = t.Object(
  {
    challenges: t.Array(
      t.Object({
        ...shared,
        date_created: moment('The moment of hand-over.'),
        created_by: t.String({ description: 'The user’s id.' }),
      }),
      { description: 'Newest hand-over first.' },
    ),
    next_cursor: t.Union([t.String(), t.Null()], { description: 'For the next page; null on the last.' }),
  },
  {
    description: 'A page of the user’s challenges.',
    examples: [
      {
        challenges: [{ ...example, date_created: handedOver, created_by: 'user_1' }],
        next_cursor: 'MTc5NTUyMDA4MDYxMy4xMDQy',
      },
    ],
  },
)

/** A challenge as `POST /api/generate-challenge` answers it. */
export function toChallenge(challenge: Challenge): typeof ChallengeModel.static {
  return {
    id: challenge.id,
    difficulty: challenge.difficulty,
    title: challenge.title,
    options: challenge.options,
    correct_answer_id: challenge.correctAnswerId,
    explanation: challenge.explanation,
    timestamp: new Date(challenge.dateCreated).toISOString(),
    source: challenge.source,
  }
}

/** A challenge as `GET /api/my-history` lists it. */
export function toHistoryItem(challenge: Challenge) {
  return {
    id: challenge.id,
    difficulty: challenge.difficulty,
    date_created: new Date(challenge.dateCreated).toISOString(),
    created_by: challenge.createdBy,
    title: challenge.title,
    options: challenge.options,
    correct_answer_id: challenge.correctAnswerId,
    explanation: challenge.explanation,
    source: challenge.source,
  }
}
