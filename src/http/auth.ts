import { Elysia } from 'elysia'

/** The user id of the session in an `Authorization` header. @throws Problem `unauthenticated` or `unavailable` */
export type Authenticate = (authorization: string | null) => string | Promise<string>

/** The `detail` of a route that needs a session. */
export const signedIn = { security: [{ session: [] }] }

/** The problems of every route that needs a session. Any path may be spelled with dot segments: `invalid_request`. */
export const sessionCodes = ['invalid_request', 'unauthenticated', 'internal', 'unavailable'] as const

/**
 * Resolves the signed-in user, or answers 401. Mount it before the routes that it protects. `derive` runs before
 * validation, so an anonymous client learns nothing about the schema of a request.
 */
export function auth(authenticate: Authenticate) {
  return new Elysia({ name: 'auth' }).derive({ as: 'scoped' }, async ({ request }) => {
    return { userId: await authenticate(request.headers.get('authorization')) }
  })
}
