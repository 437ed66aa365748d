import { Type } from '@sinclair/typebox'
import type { Difficulty } from '../question.ts'

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
const Counts = Type.Object(counts, { named: 'AnswerCounts', description: 'Numbers of answers.' })
const days = (description: string) => Type.Integer({ minimum: 0, maximum: 366, description })

const Streak = Type.Object(
  {
    current: days(
      'Days in a row with an answer, until today, or until yesterday before today’s first answer.',
    ),
    longest: days('The longest run of days with an answer.'),
  },
  { named: 'Streak', description: 'Runs of days with an answer.' },
)

const Day = Type.Object(
  { date: Type.String({ documentedAs: { type: 'string', format: 'date' } }), ...counts },
  { named: 'ProgressDay', description: 'The answers of a day.' },
)

const byTopicDescription =
  'The topics with an answer, by `TopicId`. Old questions without a topic are in the other figures only.'

export const ProgressSchema = Type.Object(
  {
    ...counts,
    by_difficulty: Type.Object(
      { easy: Counts, medium: Counts, hard: Counts } satisfies Record<Difficulty, typeof Counts>,
      { named: 'CountsByDifficulty', description: 'Numbers of answers by difficulty.' },
    ),
    by_topic: Type.Record(Type.String(), Counts, {
      documentedAs: { type: 'object', description: byTopicDescription, additionalProperties: Counts },
    }),
    streak: Streak,
    days: Type.Array(Day, { description: 'The days with an answer among the last 30, oldest first.' }),
  },
  {
    named: 'Progress',
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
