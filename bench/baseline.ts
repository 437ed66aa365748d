/**
 * The baseline: the checks, statements, answers and durability of the server with nothing around them: no framework,
 * validation, log, metrics, CORS or request ids. Error answers hold the status only.
 */
import { Database } from 'bun:sqlite'
import {
  type ChallengeRow,
  challengeAnswer,
  historyAnswer,
  isCurrent,
  type QuotaRow,
  quotaAnswer,
  refused,
} from './baseline-answers.ts'
import { createAuthenticate, createSignatureCheck } from './baseline-checks.ts'

const { DATABASE = '', JWT_KEY = '', WEBHOOK_SECRET = '', ORIGIN = '', PORT = '' } = process.env
const authenticate = createAuthenticate(JWT_KEY, ORIGIN)
const isSigned = createSignatureCheck(WEBHOOK_SECRET)
const credits = 1_000_000

const file = new Database(DATABASE, { strict: true })
file.run('PRAGMA busy_timeout = 5000')
file.run('PRAGMA journal_mode = WAL')
file.run('PRAGMA synchronous = FULL')
file.run('PRAGMA foreign_keys = ON')

// The columns and the join are those of the view `challenges`.
const selectChallenges = `SELECT assignments.id, difficulty, assignments.date_created AS dateCreated, title, options,
  correct_answer_id AS correctAnswerId, explanation, source
  FROM assignments JOIN questions ON questions.id = assignments.question_id`
const selectQuota = file.query<QuotaRow, [string]>(
  'SELECT id, quota_remaining AS remaining, coalesce(quota_limit, quota_remaining) AS "limit", last_reset_date AS lastReset FROM challenge_quotas WHERE user_id = ?',
)
const insertQuota = file.query<{ id: number }, [string, number, number, number]>(
  'INSERT INTO challenge_quotas (user_id, quota_remaining, quota_limit, last_reset_date) VALUES (?, ?, ?, ?) RETURNING id',
)
const firstReady = file.query<{ id: number }, [string]>(
  `SELECT id FROM questions WHERE difficulty = ? AND state = 'ready' ORDER BY date_created, id LIMIT 1`,
)
const circulate = file.query<null, [number]>(`UPDATE questions SET state = 'circulating' WHERE id = ?`)
const assign = file.query<{ id: number }, [number, string, number]>(
  'INSERT INTO assignments (question_id, created_by, date_created) VALUES (?, ?, ?) RETURNING id',
)
const charge = file.query<null, [string]>(
  'UPDATE challenge_quotas SET quota_remaining = quota_remaining - 1 WHERE user_id = ?',
)
const selectChallenge = file.query<ChallengeRow, [number]>(`${selectChallenges} WHERE assignments.id = ?`)
const selectHistory = file.query<ChallengeRow, [string, number]>(
  `${selectChallenges} WHERE created_by = ? ORDER BY assignments.date_created DESC, assignments.id DESC LIMIT ?`,
)

const openQuota = file.transaction((userId: string): QuotaRow => {
  const stored = selectQuota.get(userId)
  if (stored) return stored
  const opened = { remaining: credits, limit: credits, lastReset: Date.now() }
  return { id: insertQuota.get(userId, credits, credits, opened.lastReset)?.id ?? 0, ...opened }
}).immediate

const claim = file.transaction((userId: string, difficulty: string, now: number) => {
  const quota = selectQuota.get(userId)
  if (!quota || !isCurrent(quota) || quota.remaining === 0) return undefined
  const question = firstReady.get(difficulty)
  if (!question) return undefined
  circulate.run(question.id)
  const assigned = assign.get(question.id, userId, now)
  charge.run(userId)
  return selectChallenge.get(assigned?.id ?? 0)
}).immediate

Bun.serve({
  port: Number(PORT),
  hostname: '127.0.0.1',
  development: false,
  routes: {
    '/health': () => Response.json({ status: 'ok' }),
    '/api/quota': (request) => {
      const userId = authenticate(request)
      if (!userId) return refused(401)
      const stored = selectQuota.get(userId)
      return quotaAnswer(userId, stored && isCurrent(stored) ? stored : openQuota(userId))
    },
    '/api/my-history': (request) => {
      const userId = authenticate(request)
      if (!userId) return refused(401)
      return historyAnswer(userId, selectHistory.all(userId, 101), 100)
    },
    '/api/generate-challenge': {
      POST: async (request) => {
        const userId = authenticate(request)
        if (!userId) return refused(401)
        const { difficulty } = (await request.json()) as { difficulty: string }
        const now = Date.now()
        const challenge = claim(userId, difficulty, now)
        return challenge ? challengeAnswer(challenge, now) : refused(429)
      },
    },
    '/webhooks/clerk': {
      POST: async (request) => {
        const body = await request.text()
        if (!isSigned(request.headers, body)) return refused(401)
        const { type, data } = JSON.parse(body) as { type: string; data: { id: string } }
        if (type === 'user.created' && !selectQuota.get(data.id)) openQuota(data.id)
        return Response.json({ status: 'success' })
      },
    },
  },
})
