/**
 * The baseline: the checks, statements, answers and durability of the server with nothing around them: no framework,
 * validation, log, metrics, CORS or request ids. Error answers hold the status only.
 */
import {
  challengeAnswer,
  historyAnswer,
  isCurrent,
  quotaAnswer,
  refused,
  verdictAnswer,
} from './baseline-answers.ts'
import { createAuthenticate, createSignatureCheck } from './baseline-checks.ts'
import { openBaselineStore } from './baseline-store.ts'

const { DATABASE = '', JWT_KEY = '', WEBHOOK_SECRET = '', ORIGIN = '', PORT = '', LIBRARY_SIZE } = process.env
const authenticate = createAuthenticate(JWT_KEY, ORIGIN)
const isSigned = createSignatureCheck(WEBHOOK_SECRET)
const store = openBaselineStore(DATABASE, 1_000_000, Number(LIBRARY_SIZE))

Bun.serve({
  port: Number(PORT),
  hostname: '127.0.0.1',
  development: false,
  routes: {
    '/health': () => Response.json({ status: 'ok' }),
    '/api/quota': (request) => {
      const userId = authenticate(request)
      if (!userId) return refused(401)
      const stored = store.selectQuota.get(userId)
      return quotaAnswer(userId, stored && isCurrent(stored) ? stored : store.openQuota(userId))
    },
    '/api/my-history': (request) => {
      const userId = authenticate(request)
      if (!userId) return refused(401)
      return historyAnswer(userId, store.selectHistory.all(userId, 101), 100)
    },
    '/api/generate-challenge': {
      POST: async (request) => {
        const userId = authenticate(request)
        if (!userId) return refused(401)
        const { difficulty } = (await request.json()) as { difficulty: string }
        const challenge = store.claim(userId, difficulty, Date.now())
        return challenge ? challengeAnswer(challenge) : refused(429)
      },
    },
    '/api/challenges/:id/answer': {
      POST: async (request) => {
        const userId = authenticate(request)
        if (!userId) return refused(401)
        const { answer_id: answerId } = (await request.json()) as { answer_id: number }
        const challenge = store.answer(userId, Number(request.params.id), answerId, Date.now())
        if (!challenge) return refused(404)
        return challenge.answerId === answerId
          ? verdictAnswer(challenge, answerId, challenge.answeredAt ?? 0)
          : refused(409)
      },
    },
    '/webhooks/clerk': {
      POST: async (request) => {
        const body = await request.text()
        if (!isSigned(request.headers, body)) return refused(401)
        const { type, data } = JSON.parse(body) as { type: string; data: { id: string } }
        if (type === 'user.created' && !store.selectQuota.get(data.id)) store.openQuota(data.id)
        return Response.json({ status: 'success' })
      },
    },
  },
})
