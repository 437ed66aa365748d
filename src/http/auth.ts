import { Elysia } from 'elysia'
import type { SessionVerifier } from '../clerk/sessions.ts'

/**
 * Resolves the signed-in user, or answers 401. It is a `derive`, since that runs before validation: who is not signed
 * in learns nothing about what a request should look like. A route is protected by using this plugin before it.
 */
export function auth(userOf: SessionVerifier) {
  return new Elysia({ name: 'auth' }).derive({ as: 'scoped' }, async ({ request }) => {
    return { userId: await userOf(request.headers.get('authorization')) }
  })
}
