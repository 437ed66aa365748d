import type { ProgressSchema } from '../../src/answers/progress-schemas.ts'
import type { AnswerSchema, ReportedSchema } from '../../src/answers/schemas.ts'
import type { ChallengeSchema, HistoryItemSchema, HistorySchema } from '../../src/challenges/schemas.ts'
import type { ReceiptSchema } from '../../src/clerk/routes.ts'
import type { Problem } from '../../src/problem.ts'
import type { QuotaSchema } from '../../src/quota/schemas.ts'
import type { TopicsSchema } from '../../src/topics/routes.ts'
import { until } from './async.ts'
import { origin, sessionToken, svixHeaders, userEvent } from './clerk.ts'

/** A challenge whose key is shown: the server runs without `REVEAL=after_answer`, or the challenge is answered. */
type Revealed<Challenge> = Challenge & { correct_answer_id: number; explanation: string }

export type Challenge = Revealed<typeof ChallengeSchema.static>
export type HistoryItem = Revealed<typeof HistoryItemSchema.static>
export type History = Omit<typeof HistorySchema.static, 'challenges'> & { challenges: HistoryItem[] }

/** The members of problem details. */
export type ProblemBody = Pick<
  ReturnType<Problem['toJSON']>,
  'type' | 'title' | 'status' | 'detail' | 'code'
> & { next_reset_date?: string; answer_id?: number }

/** The answer of the server to a request whose successful answer is `Body`. */
export type Answer<Body> = {
  status: number
  headers: Headers
  /** @throws Error with the problem if the request was refused. */
  readonly body: Body
  /** `undefined` if the request was successful. */
  problem: ProblemBody | undefined
}

async function readAnswer<Body>(response: Promise<Response>): Promise<Answer<Body>> {
  const answer = await response
  const { status, headers } = answer
  const json: unknown = JSON.parse(await answer.text())
  const problem = answer.ok ? undefined : (json as ProblemBody)
  return {
    status,
    headers,
    problem,
    get body() {
      if (problem) throw new Error(`The answer is a problem: ${JSON.stringify(problem)}`)
      return json as Body
    },
  }
}

/** The latest token of each user, and when the next one is due. */
const latest = new Map<string, { token: Promise<string>; due: number }>()

/** A user's token. As in a front end, it serves for half its life: to sign one takes longer than most requests. */
function currentToken(userId: string): Promise<string> {
  const known = latest.get(userId)
  if (known && Date.now() < known.due) return known.token
  const token = sessionToken(userId)
  latest.set(userId, { token, due: Date.now() + 30_000 })
  return token
}

/** The requests of a front end to the server at `url`, and the deliveries of Clerk. */
export function clientOf(url: string) {
  async function as(userId: string, path: string, init: RequestInit = {}) {
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${await currentToken(userId)}`)
    headers.set('origin', origin)
    return fetch(url + path, { ...init, headers })
  }

  const post = (userId: string, path: string, body: object, init: RequestInit = {}) =>
    as(userId, path, {
      ...init,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...init.headers },
      body: JSON.stringify(body),
    })

  return {
    url,
    fetch: (path: string, init: RequestInit = {}) => fetch(url + path, init),
    as,
    generate: (
      userId: string,
      difficulty = 'easy',
      headers: Record<string, string> = {},
      init: RequestInit = {},
    ) => readAnswer<Challenge>(post(userId, '/api/generate-challenge', { difficulty }, { ...init, headers })),
    /** Asks for a challenge on a topic. Values of any type, to send invalid ones. */
    generateOn: (userId: string, topic: unknown, difficulty = 'easy', headers: Record<string, string> = {}) =>
      readAnswer<Challenge>(post(userId, '/api/generate-challenge', { difficulty, topic }, { headers })),
    topics: (userId: string) => readAnswer<typeof TopicsSchema.static>(as(userId, '/api/topics')),
    challenge: (userId: string, id: number | string) =>
      readAnswer<HistoryItem>(as(userId, `/api/challenges/${id}`)),
    answer: (userId: string, id: number | string, answerId: number) =>
      readAnswer<typeof AnswerSchema.static>(
        post(userId, `/api/challenges/${id}/answer`, { answer_id: answerId }),
      ),
    report: (userId: string, id: number | string, report: { reason: string; comment?: string }) =>
      readAnswer<typeof ReportedSchema.static>(post(userId, `/api/challenges/${id}/report`, report)),
    progress: (userId: string, query = '') =>
      readAnswer<typeof ProgressSchema.static>(as(userId, `/api/progress${query}`)),
    quota: (userId: string) => readAnswer<typeof QuotaSchema.static>(as(userId, '/api/quota')),
    history: (userId: string, query = '') => readAnswer<History>(as(userId, `/api/my-history${query}`)),
    /** Delivers a Clerk event, signed. */
    deliver: (type: string, userId: string) => {
      const body = userEvent(type, userId)
      const delivery = { method: 'POST', headers: svixHeaders(body), body }
      return readAnswer<typeof ReceiptSchema.static>(fetch(`${url}/webhooks/clerk`, delivery))
    },
  }
}

export type Client = ReturnType<typeof clientOf>

export const portOf = ({ url }: { url: string | URL }) => Number(new URL(url).port)

/** The user whom the server finds in a token, or the status of the refusal. */
export async function findUser({ url }: { url: string }, token: string, scheme = 'Bearer') {
  const answer = await fetch(`${url}/api/quota`, { headers: { authorization: `${scheme} ${token}` } })
  if (!answer.ok) return answer.status
  return ((await answer.json()) as typeof QuotaSchema.static).user_id
}

/** Waits until the server accepts no new connection. */
export const untilRefused = ({ url }: { url: string }) =>
  until(
    () =>
      fetch(`${url}/health`, { keepalive: false }).then(
        () => false,
        () => true,
      ),
    'new connections are refused',
  )
