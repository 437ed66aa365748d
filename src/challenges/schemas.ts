import { Type } from '@sinclair/typebox'
import { enumerated, integerText, oneOf, requestBody, timestamp } from '../http/schema.ts'
import { limits } from '../limits.ts'
import { type Challenge, difficulties } from '../question.ts'

// A description in a request completes the sentence "… must be …", which a client gets for an invalid value.
const DifficultySchema = oneOf(difficulties, 'easy, medium or hard')

/** The body of `POST /api/generate-challenge`. */
export const GenerateBodySchema = requestBody(
  { difficulty: DifficultySchema },
  {
    description: 'a JSON object such as {"difficulty":"easy"}',
    examples: [{ difficulty: 'easy' }],
  },
)

export const GenerateHeadersSchema = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: `^[\\x20-\\x7e]{1,${limits.idempotencyKeyLength}}$`,
      description: `1 to ${limits.idempotencyKeyLength} printable ASCII characters`,
    }),
  ),
})

/** Completes "cursor must be …". */
export const cursorDescription = 'the next_cursor of an earlier page'

/** The query of `GET /api/my-history`. */
export const HistoryQuerySchema = Type.Object({
  limit: Type.Optional(integerText(limits.pageSize, 20)),
  cursor: Type.Optional(Type.String({ pattern: '^[\\w-]{1,64}$', description: cursorDescription })),
  difficulty: Type.Optional(DifficultySchema),
})

const shared = {
  id: Type.Integer(),
  difficulty: enumerated(difficulties),
  title: Type.String({ description: 'The question in Markdown; its code, if any, in a fence.' }),
  options: Type.Array(Type.String(), { minItems: 4, maxItems: 4, description: 'Plain text.' }),
  correct_answer_id: Type.Integer({ minimum: 0, maximum: 3, description: 'The index of the right option.' }),
  explanation: Type.String({ description: 'Markdown.' }),
  source: enumerated(
    ['ai', 'bank'],
    'Whether the model wrote the question, or it comes from the embedded bank.',
  ),
}

const example = {
  id: 1042,
  difficulty: 'easy',
  title: 'What does this code print?\n\n```javascript\nconsole.log(typeof null)\n```',
  options: ['null', 'object', 'undefined', 'number'],
  correct_answer_id: 1,
  explanation: '`typeof null` is `object`: a bug of the first JavaScript that was never fixed.',
  source: 'ai',
}
const handedOver = '2026-11-24T11:34:40.613Z'

export const ChallengeSchema = Type.Object(
  { ...shared, timestamp: timestamp('When the user got the challenge.') },
  {
    description: 'The challenge, which now belongs to the user.',
    examples: [{ ...example, timestamp: handedOver }],
  },
)

export const HistorySchema = Type.Object(
  {
    challenges: Type.Array(
      Type.Object({
        ...shared,
        date_created: timestamp('When the user got the challenge.'),
        created_by: Type.String({ description: 'The user’s id.' }),
      }),
      { description: 'Newest first, by `date_created`.' },
    ),
    next_cursor: Type.Union([Type.String(), Type.Null()], {
      description: 'The `cursor` of the next page; null on the last page.',
    }),
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
export function toChallenge(challenge: Challenge): typeof ChallengeSchema.static {
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
