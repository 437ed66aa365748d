import { Type } from '@sinclair/typebox'
import { enumerated, oneOf } from '../http/enumerations.ts'
import { integerText, nullable, optionNotes, requestBody, timestamp } from '../http/schema.ts'
import { limits } from '../limits.ts'
import { describeTopics, type Topic, topicIds } from '../topics.ts'

// A description in a request completes the sentence "… must be …", which a client gets for an invalid value.
const DifficultySchema = oneOf('Difficulty', 'easy, medium or hard')

/**
 * The body of `POST /api/generate-challenge` on a server where users may ask for `topics`. It allows every topic: the
 * service refuses those that are not offered, unless the request repeats one from the time when they were.
 */
export function createGenerateBodySchema(topics: readonly Topic[]) {
  return requestBody(
    { difficulty: DifficultySchema, topic: Type.Optional(oneOf('TopicId', describeTopics(topics))) },
    {
      named: 'ChallengeRequest',
      description: 'a JSON object such as {"difficulty":"easy"}',
      examples: [{ difficulty: 'easy' }, { difficulty: 'easy', ...(topics[0] && { topic: topics[0] }) }],
    },
  )
}

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
  topic: Type.Optional(oneOf('TopicId', describeTopics(topicIds))),
  answer: Type.Optional(oneOf('Verdict', 'none, right or wrong')),
})

const right = { minimum: 0, maximum: 3, description: 'The index of the right option.' }

/** Stored questions may have topics of another version, so the value is not validated. */
const TopicSchema = Type.Unsafe<string>(enumerated('TopicId'))

const AnswerSchema = Type.Object(
  {
    answer_id: Type.Integer({ minimum: 0, maximum: 3, description: 'The index of the chosen option.' }),
    correct: Type.Boolean(),
    answered_at: timestamp('When the user answered.'),
  },
  { named: 'Answer', description: 'The user’s answer that counts.' },
)

const shared = {
  id: Type.Integer(),
  difficulty: enumerated('Difficulty'),
  topic: nullable(TopicSchema, 'Null for an old question without a topic.'),
  title: Type.String({ description: 'The question in Markdown; its code, if any, in a fence.' }),
  options: Type.Array(Type.String(), { minItems: 4, maxItems: 4, description: 'Plain text.' }),
  correct_answer_id: nullable(
    Type.Integer(right),
    `${right.description} Null until the challenge is answered if the server runs with \`REVEAL=after_answer\`.`,
  ),
  explanation: nullable(Type.String(), 'Markdown. Null whenever `correct_answer_id` is.'),
  option_notes: optionNotes(
    'For each option, why one would choose it and why it is wrong: Markdown, null for the right option. Null where ' +
      'nothing is known, and whenever `correct_answer_id` is.',
  ),
  source: enumerated('Source', {
    description: 'Whether the model wrote the question, or it comes from the embedded bank.',
  }),
  charged: Type.Boolean({ description: 'Whether the challenge cost a credit.' }),
  answer: nullable(AnswerSchema, 'The user’s first answer; null before it.'),
}

const example = {
  id: 1042,
  difficulty: 'easy',
  topic: 'javascript',
  title: 'What does this code print?\n\n```javascript\nconsole.log(typeof null)\n```',
  options: ['null', 'object', 'undefined', 'number'],
  correct_answer_id: 1,
  explanation: '`typeof null` is `object`: a bug of the first JavaScript that was never fixed.',
  option_notes: ['`null` is the value, not its type.', null, null, null],
  source: 'ai',
  charged: true,
}
const handedOver = '2026-11-24T11:34:40.613Z'
const listed = {
  ...example,
  answer: { answer_id: 1, correct: true, answered_at: '2026-11-24T11:35:12.040Z' },
  date_created: handedOver,
  created_by: 'user_1',
  retired: false,
}

export const ChallengeSchema = Type.Object(
  { ...shared, timestamp: timestamp('When the user got the challenge.') },
  {
    named: 'Challenge',
    description: 'The challenge, which now belongs to the user.',
    examples: [{ ...example, answer: null, timestamp: handedOver }],
  },
)

export const HistoryItemSchema = Type.Object(
  {
    ...shared,
    date_created: timestamp('When the user got the challenge.'),
    created_by: Type.String({ description: 'The user’s id.' }),
    retired: Type.Boolean({
      description: 'Whether the question was withdrawn as faulty. It does not count in the user’s progress.',
    }),
  },
  { named: 'HistoryItem', description: 'The challenge.', examples: [listed] },
)

export const HistorySchema = Type.Object(
  {
    challenges: Type.Array(HistoryItemSchema, { description: 'Newest first, by `date_created`.' }),
    next_cursor: nullable(Type.String(), 'The `cursor` of the next page; null on the last page.'),
  },
  {
    named: 'HistoryPage',
    description: 'A page of the user’s challenges.',
    examples: [{ challenges: [listed], next_cursor: 'MTc5NTUyMDA4MDYxMy4xMDQy' }],
  },
)
