import { renameSync } from 'node:fs'
import { sessionToken, svixHeaders } from './clerk.ts'
import { startHeldModel } from './held-model.ts'
import { until } from './process.ts'
import { openConnection, parseResponse, rawRequest } from './raw-http.ts'
import { type Server, startServer } from './server.ts'
import { useServer } from './shared-server.ts'
import { hour, noon, startWithClock } from './turned-clock.ts'

/** An answer over `fetch` or a raw connection. */
export type Answer = {
  status: number
  headers: { get: (name: string) => string | null | undefined }
  body: unknown
}

const json = { 'content-type': 'application/json' }

export async function read(response: Response | Promise<Response>): Promise<Answer> {
  const answer = await response
  return { status: answer.status, headers: answer.headers, body: await answer.json() }
}

/** Ways to send a request to one server for the whole test file. */
export function useRequests() {
  const shared = useServer()
  const signIn = (headers: Record<string, string>) => read(shared().fetch('/api/quota', { headers }))
  return {
    /** Asks for a challenge. */
    post: (body?: string, headers: Record<string, string> = json) =>
      read(
        shared().as('user_1', '/api/generate-challenge', { method: 'POST', headers, ...(body && { body }) }),
      ),
    get: (path: string, method = 'GET') => read(shared().as('user_1', path, { method })),
    signIn,
    signInWith: async (...token: Parameters<typeof sessionToken>) =>
      signIn({ authorization: `Bearer ${await sessionToken(...token)}` }),
    /** Delivers a webhook, signed unless it is told otherwise. */
    deliver: (body: string, headers: Record<string, string> = svixHeaders(body)) =>
      read(shared().fetch('/webhooks/clerk', { method: 'POST', headers: { ...json, ...headers }, body })),
    async sendRaw(method: string, path: string, headers: Record<string, string>): Promise<Answer> {
      using connection = await openConnection(Number(new URL(shared().url).port))
      const authorization = `Bearer ${await sessionToken('user_1')}`
      connection.write(rawRequest(method, path, { authorization, ...headers }))
      const response = await until(() => parseResponse(connection.received), 'an answer')
      return { ...response, body: JSON.parse(response.body) }
    },
  }
}

/** Asks a server that is started with `options`. */
export function startAnd(
  options: Parameters<typeof startServer>[0],
  ask: (server: Server) => Promise<Response>,
) {
  return async () => {
    await using server = await startServer(options)
    return await read(ask(server))
  }
}

/** Asks for a challenge without a credit, a millisecond less than an hour after the last reset, which was at noon. */
export async function askWithoutCredits(): Promise<Answer> {
  await using setup = await startWithClock({ QUOTA_INITIAL: '0' })
  await setup.quota()
  setup.clock.now = noon + hour - 1
  return await setup.server.generate('user_1')
}

/** Asks for a challenge while another request is using the only credit. */
export async function askWithCreditInUse(): Promise<Answer> {
  await using model = startHeldModel()
  await using server = await startServer({ model, env: { QUOTA_INITIAL: '1' } })
  const first = server.generate('user_1')
  await until(() => model.active === 1, 'a generation to be in flight')
  const second = await server.generate('user_1')
  model.release()
  await first
  return second
}

/** Moves the database file away. */
export function loseDatabase({ path }: Server) {
  renameSync(path, `${path}.moved`)
}
