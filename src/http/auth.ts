import { Elysia } from 'elysia'

/** The user id of the session in an `Authorization` header. @throws Problem `unauthenticated` or `unavailable` */
export type UserOf = (authorization: string | null) => string | Promise<string>

/** For the `detail` of a route that needs a session. */
export const signedIn = { security: [{ session: [] }] }

/**
 * Resolves the signed-in user, or answers 401. It is a `derive`, since that runs before validation: who is not signed
 * in learns nothing about what a request should look like. A route is protected by using this plugin before it.
 */
export function auth(userOf: UserOf) {
  return new Elysia({ name: 'auth' }).derive({ as: 'scoped' }, async ({ request }) => {
    return { userId: await userOf(request.headers.get('authorization')) }
  })
}
