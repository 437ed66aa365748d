import { Type as t } from '@sinclair/typebox'
import { Elysia } from 'elysia'
import { bodyParsers } from '../http/body.ts'
import { isLoopback } from '../loopback.ts'
import { servePage } from '../pages/serve.ts'
import { problems } from '../problem.ts'
import { userIdDescription, userIdPattern } from '../user-id.ts'
import { playgroundPage } from './page.ts'

export type PlaygroundParts = {
  /** Signs the session of a made-up user; not there when sessions are Clerk's. */
  signToken?: ((userId: string) => Promise<string>) | undefined
  /** Whether there is a documentation page. */
  documented: boolean
}

const files = {
  'style.css': async () => (await import('./files.ts')).style,
  'main.js': async () => (await import('./files.ts')).script,
}

/** The development page at `/`, its files and its sign-in. They are not part of the API. */
export function playgroundRoutes({ signToken, documented }: PlaygroundParts): Elysia {
  const page = playgroundPage({ madeUpUsers: signToken !== undefined, documented })
  const app = servePage({ path: '/', page, folder: '/playground', files })
  if (signToken) app.use(signInRoute(signToken))
  return app
}

const SignInBody = t.Object({
  user_id: t.String({ pattern: userIdPattern, description: userIdDescription }),
})

function signInRoute(signToken: (userId: string) => Promise<string>) {
  return new Elysia().use(bodyParsers()).post(
    '/playground/token',
    async ({ body, request }) => {
      requireLoopback(request.headers.get('host'))
      return { token: await signToken(body.user_id) }
    },
    {
      parse: 'jsonBody',
      body: SignInBody,
      response: { 200: t.Object({ token: t.String() }) },
      detail: { hide: true },
    },
  )
}

/**
 * A page from elsewhere whose name was made to resolve to this machine (DNS rebinding) asks under that name: it gets
 * no sessions.
 */
function requireLoopback(host: string | null) {
  const name = host?.replace(/:\d{1,5}$/, '') ?? ''
  if (!isLoopback(name)) throw problems.loopbackOnly()
}
