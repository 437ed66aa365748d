import { Elysia } from 'elysia'
import { type Authenticate, auth, sessionCodes, signedIn } from '../http/auth.ts'
import { bodyCodes, bodyParsers } from '../http/body.ts'
import { ChallengeParamsSchema, parseChallengeId } from '../http/challenge-id.ts'
import { problemResponses } from '../http/problem-schemas.ts'
import { problems } from '../problem.ts'
import { isTimeZone } from '../time-zone.ts'
import { ProgressQuerySchema, ProgressSchema, timeZoneDescription } from './progress-schemas.ts'
import { AnswerBodySchema, AnswerSchema, ReportBodySchema, ReportedSchema } from './schemas.ts'
import type { AnswerService } from './service.ts'

type Parts = {
  authenticate: Authenticate
  answers: AnswerService
  /** The time that a client has to send a body, in milliseconds. */
  bodyMs: number
}

const answerDetail = {
  ...signedIn,
  operationId: 'answerChallenge',
  tags: ['Answers'],
  summary: 'Answer a challenge',
  description:
    'The first answer counts. The same answer again gets the same response, so a request may be repeated. It costs no ' +
    'credit.',
}

const reportDetail = {
  ...signedIn,
  operationId: 'reportChallenge',
  tags: ['Answers'],
  summary: 'Report a faulty challenge',
  description:
    'One report for each challenge: a later one replaces it. Only the operator sees the comment; it is erased with the ' +
    'user.',
}

const progressDetail = {
  ...signedIn,
  operationId: 'getProgress',
  tags: ['Answers'],
  summary: 'Get the progress of the user',
  description:
    'Totals of all answers, and days and streaks in the time zone of the caller. Streaks cover the last 366 days. ' +
    'Questions that were retired do not count.',
}

/** The routes for answers, reports and progress, for signed-in users. */
export function answerRoutes({ authenticate, answers, bodyMs }: Parts) {
  return new Elysia({ prefix: '/api' })
    .use(bodyParsers(bodyMs))
    .use(auth(authenticate))
    .post(
      '/challenges/:id/answer',
      async ({ body, params, userId }) => {
        const challengeId = parseChallengeId(params.id)
        const challenge = await answers.answer({ userId, challengeId, answerId: body.answer_id })
        return {
          challenge_id: challenge.id,
          answer_id: challenge.answerId,
          correct: challenge.answerId === challenge.correctAnswerId,
          correct_answer_id: challenge.correctAnswerId,
          explanation: challenge.explanation,
          option_notes: challenge.optionNotes,
          answered_at: new Date(challenge.answeredAt).toISOString(),
        }
      },
      {
        parse: 'jsonBody',
        params: ChallengeParamsSchema,
        body: AnswerBodySchema,
        response: {
          200: AnswerSchema,
          ...problemResponses(...sessionCodes, ...bodyCodes, 'not_found', 'already_answered'),
        },
        detail: answerDetail,
      },
    )
    .post(
      '/challenges/:id/report',
      async ({ body: { reason, comment }, params, userId }) => {
        await answers.report({ userId, challengeId: parseChallengeId(params.id), reason, comment })
        return { status: 'reported' as const }
      },
      {
        parse: 'jsonBody',
        params: ChallengeParamsSchema,
        body: ReportBodySchema,
        response: { 200: ReportedSchema, ...problemResponses(...sessionCodes, ...bodyCodes, 'not_found') },
        detail: reportDetail,
      },
    )
    .get(
      '/progress',
      async ({ query: { timezone = 'UTC' }, userId }) => {
        if (!isTimeZone(timezone)) throw problems.invalidValue('timezone', timeZoneDescription)
        const { byDifficulty, byTopic, ...rest } = await answers.summarise(userId, timezone)
        return { ...rest, by_difficulty: byDifficulty, by_topic: byTopic }
      },
      {
        query: ProgressQuerySchema,
        response: { 200: ProgressSchema, ...problemResponses(...sessionCodes) },
        detail: progressDetail,
      },
    )
}
