import { Type } from '@sinclair/typebox'
import { reportReasons } from '../answer.ts'
import { oneOf, optionNotes, requestBody, timestamp } from '../http/schema.ts'
import { limits } from '../limits.ts'
import type { difficulties } from '../question.ts'

// A description in a request completes the sentence "… must be …", which a client gets for an invalid value.

/** The body of `POST /api/challenges/{id}/answer`. */
export const AnswerBodySchema = requestBody(
  {
    answer_id: Type.Integer({ minimum: 0, maximum: 3, description: '0, 1, 2 or 3: the index of an option' }),
  },
  { description: 'a JSON object such as {"answer_id":2}', examples: [{ answer_id: 2 }] },
)

export const AnswerSchema = Type.Object(
  {
    challenge_id: Type.Integer(),
    answer_id: Type.Integer({ minimum: 0, maximum: 3, description: 'The index of the chosen option.' }),
    correct: Type.Boolean(),
    correct_answer_id: Type.Integer({
      minimum: 0,
      maximum: 3,
      description: 'The index of the right option.',
    }),
    explanation: Type.String({ description: 'Markdown.' }),
    option_notes: optionNotes(
      'For each option, why one would choose it and why it is wrong: Markdown, null for the right option. Null where ' +
        'nothing is known.',
    ),
    answered_at: timestamp('When the user answered.'),
  },
  {
    description: 'The answer that counts, and the solution.',
    examples: [
      {
        challenge_id: 1042,
        answer_id: 0,
        correct: false,
        correct_answer_id: 1,
        explanation: '`typeof null` is `object`: a bug of the first JavaScript that was never fixed.',
        option_notes: ['`null` is the value, not its type.', null, null, null],
        answered_at: '2026-11-24T11:35:12.040Z',
      },
    ],
  },
)

/** Characters other than control characters (tab and newline excepted) and unpaired surrogates. */
const character =
  '[\\ud800-\\udbff][\\udc00-\\udfff]|[^\\ud800-\\udfff\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f]'
const commentLength = { minLength: 1, maxLength: limits.reportCommentLength }

/** The body of `POST /api/challenges/{id}/report`. */
export const ReportBodySchema = requestBody(
  {
    reason: oneOf(reportReasons, `one of: ${reportReasons.join(', ')}`),
    comment: Type.Optional(
      Type.String({
        pattern: `^(?:${character}){1,${limits.reportCommentLength}}$`,
        description: `a text of 1 to ${limits.reportCommentLength} characters without control characters`,
        documentedAs: { type: 'string', ...commentLength },
      }),
    ),
  },
  {
    description: 'a JSON object such as {"reason":"wrong_key"}',
    examples: [{ reason: 'wrong_key', comment: '`typeof null` is `object`.' }],
  },
)

export const ReportedSchema = Type.Object(
  { status: Type.Literal('reported') },
  { description: 'The report is stored.', examples: [{ status: 'reported' }] },
)

/** Completes "timezone must be …". */
export const timeZoneDescription = 'an IANA time zone such as Europe/Berlin'

export const ProgressQuerySchema = Type.Object({
  timezone: Type.Optional(
    Type.String({
      description: timeZoneDescription,
      documentedAs: { type: 'string', default: 'UTC', examples: ['Europe/Berlin'] },
    }),
  ),
})

const counts = { answered: Type.Integer({ minimum: 0 }), correct: Type.Integer({ minimum: 0 }) }
const Counts = Type.Object(counts)
const days = (description: string) => Type.Integer({ minimum: 0, maximum: 366, description })

export const ProgressSchema = Type.Object(
  {
    ...counts,
    by_difficulty: Type.Object({ easy: Counts, medium: Counts, hard: Counts } satisfies Record<
      (typeof difficulties)[number],
      typeof Counts
    >),
    by_topic: Type.Record(Type.String(), Counts, {
      description: 'The topics with an answer. Old questions without a topic are in the other figures only.',
    }),
    streak: Type.Object({
      current: days(
        'Days in a row with an answer, until today, or until yesterday before today’s first answer.',
      ),
      longest: days('The longest run of days with an answer.'),
    }),
    days: Type.Array(
      Type.Object({ date: Type.String({ documentedAs: { type: 'string', format: 'date' } }), ...counts }),
      {
        description: 'The days with an answer among the last 30, oldest first.',
      },
    ),
  },
  {
    description: 'What the user has answered.',
    examples: [
      {
        answered: 3,
        correct: 2,
        by_difficulty: {
          easy: { answered: 2, correct: 2 },
          medium: { answered: 1, correct: 0 },
          hard: { answered: 0, correct: 0 },
        },
        by_topic: { python: { answered: 2, correct: 1 }, sql: { answered: 1, correct: 1 } },
        streak: { current: 2, longest: 2 },
        days: [
          { date: '2026-11-23', answered: 1, correct: 1 },
          { date: '2026-11-24', answered: 2, correct: 1 },
        ],
      },
    ],
  },
)
