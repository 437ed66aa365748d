import { renameSync } from 'node:fs'
import { until } from './async.ts'
import { sessionToken, svixHeaders } from './clerk.ts'
import { portOf } from './client.ts'
import { hour, noon, startWithClock } from './clock.ts'
import { startPausedModel } from './model.ts'
import { openConnection, parseResponse, rawRequest } from './raw-http.ts'
import { type Server, startServer } from './server.ts'
import { useServer } from './shared-server.ts'

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

/** Functions that send requests to one server for the whole test file. */
export function useRequests() {
  const shared = useServer()
  const signIn = (headers: Record<string, string>) => read(shared().fetch('/api/quota', { headers }))
  return {
    post: (body?: string, headers: Record<string, string> = json) =>
      read(
        shared().as('user_1', '/api/generate-challenge', { method: 'POST', headers, ...(body && { body }) }),
      ),
    get: (path: string, method = 'GET') => read(shared().as('user_1', path, { method })),
    signIn,
    signInWith: async (...token: Parameters<typeof sessionToken>) =>
      signIn({ authorization: `Bearer ${await sessionToken(...token)}` }),
    /** Delivers a webhook, by default with its signature. */
    deliver: (body: string, headers: Record<string, string> = svixHeaders(body)) =>
      read(shared().fetch('/webhooks/clerk', { method: 'POST', headers: { ...json, ...headers }, body })),
    async sendRaw(method: string, path: string, headers: Record<string, string>): Promise<Answer> {
      using connection = await openConnection(portOf(shared()))
      const authorization = `Bearer ${await sessionToken('user_1')}`
      connection.write(rawRequest(method, path, { authorization, ...headers }))
      const response = await until(() => parseResponse(connection.received), 'an answer')
      return { ...response, body: JSON.parse(response.body) }
    },
  }
}

/** Starts a server with `options`, and sends it one request. */
export function startAnd(
  options: Parameters<typeof startServer>[0],
  ask: (server: Server) => Promise<Response>,
) {
  return async () => {
    await using server = await startServer(options)
    return await read(ask(server))
  }
}

const toAnswer = ({ status, headers, problem }: Awaited<ReturnType<Server['generate']>>) => ({
  status,
  headers,
  body: problem,
})

/** Asks for a challenge without credits, a millisecond less than an hour after the reset at noon. */
export async function askWithoutCredits(): Promise<Answer> {
  await using setup = await startWithClock({ QUOTA_INITIAL: '0' })
  await setup.quota()
  setup.clock.now = noon + hour - 1
  return toAnswer(await setup.server.generate('user_1'))
}

/** Asks for a challenge while a generation uses the only credit. */
export async function askWithCreditInUse(): Promise<Answer> {
  await using model = startPausedModel()
  await using server = await startServer({ model, env: { QUOTA_INITIAL: '1' } })
  const first = server.generate('user_1')
  await until(() => model.active === 1, 'a generation is in flight')
  const second = await server.generate('user_1')
  model.resume()
  await first
  return toAnswer(second)
}

export function loseDatabase({ path }: Server) {
  renameSync(path, `${path}.moved`)
}
