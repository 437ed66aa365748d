import { Type } from '@sinclair/typebox'
import { oneOf } from '../http/enumerations.ts'
import { optionNotes, requestBody, timestamp } from '../http/schema.ts'
import { limits } from '../limits.ts'
import { reportReasons } from '../question.ts'

// A description in a request completes the sentence "… must be …", which a client gets for an invalid value.

/** The body of `POST /api/challenges/{id}/answer`. */
export const AnswerBodySchema = requestBody(
  {
    answer_id: Type.Integer({ minimum: 0, maximum: 3, description: '0, 1, 2 or 3: the index of an option' }),
  },
  {
    named: 'AnswerRequest',
    description: 'a JSON object such as {"answer_id":2}',
    examples: [{ answer_id: 2 }],
  },
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
    named: 'AnswerResult',
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
    reason: oneOf('ReportReason', `one of: ${reportReasons.join(', ')}`),
    comment: Type.Optional(
      Type.String({
        pattern: `^(?:${character}){1,${limits.reportCommentLength}}$`,
        description: `a text of 1 to ${limits.reportCommentLength} characters without control characters other than tabs and line breaks`,
        documentedAs: { type: 'string', ...commentLength },
      }),
    ),
  },
  {
    named: 'ReportRequest',
    description: 'a JSON object such as {"reason":"wrong_key"}',
    examples: [{ reason: 'wrong_key', comment: '`typeof null` is `object`.' }],
  },
)

export const ReportedSchema = Type.Object(
  { status: Type.Literal('reported') },
  { named: 'ReportReceipt', description: 'The report is stored.', examples: [{ status: 'reported' }] },
)
