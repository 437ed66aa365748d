import { Elysia } from 'elysia'
import { type Authenticate, auth, sessionCodes, signedIn } from '../http/auth.ts'
import { problemResponses } from '../http/problem-schemas.ts'
import type { RateLimit } from '../rate-limit-headers.ts'
import type { Store } from '../store/store.ts'
import { QuotaSchema, toQuota } from './schemas.ts'

type Parts = {
  authenticate: Authenticate
  store: Pick<Store, 'refreshQuota'>
  rateLimit: RateLimit
  now: () => number
}

/** `GET /api/quota`, for signed-in users. */
export function quotaRoutes({ authenticate, store, rateLimit, now }: Parts) {
  return new Elysia({ prefix: '/api' }).use(auth(authenticate)).get(
    '/quota',
    async ({ set, userId }) => {
      const quota = await store.refreshQuota(userId, now())
      Object.assign(set.headers, rateLimit(quota, now()))
      return toQuota(quota)
    },
    {
      response: { 200: QuotaSchema, ...problemResponses(...sessionCodes) },
      detail: {
        ...signedIn,
        operationId: 'getQuota',
        tags: ['Quota'],
        summary: 'Get the quota of the user',
        description:
          'Opens the quota of a new user, and sets the credits anew once 24 hours have passed since the last reset.',
      },
    },
  )
}
