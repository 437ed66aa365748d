import { Type } from '@sinclair/typebox'
import { Elysia } from 'elysia'
import { bodyParsers } from '../http/body.ts'
import { requestBody } from '../http/schema.ts'
import { isLoopback } from '../loopback.ts'
import { servePage } from '../pages/serve.ts'
import { problems } from '../problem.ts'
import { userIdDescription, userIdPattern } from '../user-id.ts'
import { renderPlayground } from './page.ts'

export type PlaygroundParts = {
  /** Signs a session for any user id. `undefined` if Clerk signs the sessions. */
  signToken?: ((userId: string) => Promise<string>) | undefined
  /** The variables of the environment that `bun run token` needs for tokens that this server accepts. */
  tokenVariables: Record<string, string>
  /** Whether the server serves the documentation page. */
  docs: boolean
  /** The time that a client has to send a body, in milliseconds. */
  bodyMs: number
}

const files = {
  'style.css': async () => (await import('./files.ts')).style,
  'main.js': async () => (await import('./files.ts')).script,
}

/** Creates the routes of the development page at `/`, its files and its sign-in. They are not part of the API. */
export function playgroundRoutes({ signToken, tokenVariables, docs, bodyMs }: PlaygroundParts): Elysia {
  const page = renderPlayground({ tokenVariables: signToken && tokenVariables, docs })
  const app = servePage({ path: '/', page, folder: '/playground', files })
  if (signToken) app.use(createSignInRoute(signToken, bodyMs))
  return app
}

const SignInBody = requestBody(
  { user_id: Type.String({ pattern: userIdPattern, description: userIdDescription }) },
  { description: 'a JSON object such as {"user_id":"user_dev"}' },
)

function createSignInRoute(signToken: (userId: string) => Promise<string>, bodyMs: number) {
  return new Elysia().use(bodyParsers(bodyMs)).post(
    '/playground/token',
    async ({ body, request }) => {
      requireLoopback(request.headers.get('host'))
      return { token: await signToken(body.user_id) }
    },
    {
      parse: 'jsonBody',
      body: SignInBody,
      response: { 200: Type.Object({ token: Type.String() }) },
      detail: { hide: true },
    },
  )
}

/**
 * Prevents DNS rebinding: a foreign page whose name resolves to this machine sends that name as its Host, and must not
 * get a session.
 * @throws Problem `not_found` unless the host is a loopback address
 */
function requireLoopback(host: string | null) {
  const name = host?.replace(/:\d{1,5}$/, '') ?? ''
  if (!isLoopback(name)) throw problems.loopbackOnly()
}
