/** The baseline on PostgreSQL: a quota look-up and a claim over Bun's own client, with nothing around them. */
import { SQL } from 'bun'
import {
  challengeAnswer,
  isCurrent,
  type QuestionRow,
  type QuotaRow,
  questionColumns,
  quotaAnswer,
  refused,
  toAssigned,
} from './baseline-answers.ts'
import { createAuthenticate } from './baseline-checks.ts'

const { DATABASE = '', JWT_KEY = '', ORIGIN = '', PORT = '' } = process.env
const authenticate = createAuthenticate(JWT_KEY, ORIGIN)
const database = new SQL(DATABASE, { max: 10 })

/** 64-bit columns arrive as text. */
function toQuota(rows: QuotaRow[]): QuotaRow | undefined {
  const [row] = rows
  return row && { ...row, id: Number(row.id), lastReset: Number(row.lastReset) }
}

const claim = (userId: string, difficulty: string, now: number) =>
  database.begin(async (transaction) => {
    const quota = toQuota(
      await transaction`SELECT id, quota_remaining AS remaining, coalesce(quota_limit, quota_remaining) AS "limit",
        last_reset_date AS "lastReset" FROM challenge_quotas WHERE user_id = ${userId} FOR UPDATE`,
    )
    if (!quota || !isCurrent(quota) || quota.remaining === 0) return undefined
    const [question]: QuestionRow[] = await transaction`UPDATE questions SET state = 'circulating'
      WHERE id = (SELECT id FROM questions WHERE difficulty = ${difficulty} AND state = 'ready'
        ORDER BY date_created, id LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING id, ${transaction.unsafe(questionColumns)}`
    if (!question) return undefined
    const [assigned]: { id: string }[] =
      await transaction`INSERT INTO assignments (question_id, created_by, date_created)
        VALUES (${question.id}, ${userId}, ${now}) RETURNING id`
    await transaction`UPDATE challenge_quotas SET quota_remaining = quota_remaining - 1 WHERE user_id = ${userId}`
    return toAssigned(question, Number(assigned?.id), now)
  })

Bun.serve({
  port: Number(PORT),
  hostname: '127.0.0.1',
  development: false,
  routes: {
    '/health': () => Response.json({ status: 'ok' }),
    '/api/quota': async (request) => {
      const userId = authenticate(request)
      if (!userId) return refused(401)
      const quota = toQuota(
        await database`SELECT id, quota_remaining AS remaining, coalesce(quota_limit, quota_remaining) AS "limit",
          last_reset_date AS "lastReset" FROM challenge_quotas WHERE user_id = ${userId}`,
      )
      return quota && isCurrent(quota) ? quotaAnswer(userId, quota) : refused(500)
    },
    '/api/generate-challenge': {
      POST: async (request) => {
        const userId = authenticate(request)
        if (!userId) return refused(401)
        const { difficulty } = (await request.json()) as { difficulty: string }
        const challenge = await claim(userId, difficulty, Date.now())
        return challenge ? challengeAnswer(challenge) : refused(429)
      },
    },
  },
})
