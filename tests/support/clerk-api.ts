import { createPublicKey, randomUUID } from 'node:crypto'
import { keys, sessionToken } from './clerk.ts'
import { startServer } from './server.ts'

/** A public key as Clerk's key set lists it. */
export function jwkOf(pem: string, kid = 'ins_test') {
  return { ...createPublicKey(pem).export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }
}

export const keySet = (...jwks: object[]) => Response.json({ keys: jwks })

/**
 * Clerk's `GET /v1/jwks` on loopback. `answer` returns the answer, by default a set with the key of the tests. Each
 * server has its own secret key, under which the key set is cached.
 */
export function startClerkApi() {
  const api = {
    answer: (): Response | Promise<Response> => keySet(jwkOf(keys.pem)),
    /** The requests so far, as `GET /v1/jwks Bearer sk_…`. */
    requests: [] as string[],
    secretKey: `sk_test_${randomUUID()}`,
    url: '',
    async [Symbol.asyncDispose]() {
      await server.stop(true)
    },
  }
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 0,
    fetch(request) {
      const { pathname } = new URL(request.url)
      api.requests.push(`${request.method} ${pathname} ${request.headers.get('authorization')}`)
      return pathname === '/v1/jwks' ? api.answer() : new Response('no', { status: 404 })
    },
  })
  api.url = `http://127.0.0.1:${server.port}`
  return api
}

export type ClerkApi = ReturnType<typeof startClerkApi>

type RemoteOptions = Parameters<typeof startServer>[0]

/** A server with Clerk's secret key. Without `env` it has no session key, and must fetch the key set. */
export async function startRemote(clerk: ClerkApi, { env, ...options }: RemoteOptions = {}) {
  const server = await startServer({
    ...options,
    env: { CLERK_SECRET_KEY: clerk.secretKey, ...(env ?? { JWT_KEY: '' }) },
    clerkApiUrl: clerk.url,
  })
  return {
    ...server,
    /** Reads the quota, which opens it if the session is accepted. */
    ask: async (options: Parameters<typeof sessionToken>[1] = {}) =>
      server.fetch('/api/quota', {
        headers: { authorization: `Bearer ${await sessionToken('user_1', options)}` },
      }),
  }
}

export type RemoteServer = Awaited<ReturnType<typeof startRemote>>
