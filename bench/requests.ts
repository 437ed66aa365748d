import { difficulties } from '../src/question.ts'
import { sessionToken, svixHeaders, userEvent } from '../tests/support/clerk.ts'
import { activeUsers, readers } from './data.ts'

/** More than the ten thousand tokens that each server remembers, so that no token is remembered when it returns. */
const freshTokens = 12_000
const hour = 3600

const httpGet = (path: string, token: string) =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://localhost:5173\r\nAuthorization: Bearer ${token}\r\n\r\n`

function httpPost(path: string, headers: Record<string, string>, body: string): string {
  const all = { Host: '127.0.0.1', ...headers, 'Content-Length': String(Buffer.byteLength(body)) }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}

const tokens = new Map<string, Promise<string>>()

/** The user's token, signed once. */
export function findToken(userId: string): Promise<string> {
  const token = tokens.get(userId) ?? sessionToken(userId, { seconds: hour })
  tokens.set(userId, token)
  return token
}

/** Reads one user's quota with one token. */
export const sameToken = async () => [httpGet('/api/quota', await findToken('user_0'))]

/** Reads quotas, each request with a token of its own. */
export async function freshToken(): Promise<string[]> {
  const users = Array.from({ length: freshTokens }, (_, n) => activeUsers[n % activeUsers.length] ?? '')
  return Promise.all(
    users.map(async (user) => httpGet('/api/quota', await sessionToken(user, { seconds: hour }))),
  )
}

/** Reads the quotas of many users, each with one token. */
export const manyUsers = (users = activeUsers) =>
  Promise.all(users.map(async (user) => httpGet('/api/quota', await findToken(user))))

/** Reads the latest hundred challenges of many users. */
export const histories = (users = readers) =>
  Promise.all(users.map(async (user) => httpGet('/api/my-history', await findToken(user))))

async function toPost(user: string, path: string, body: object): Promise<string> {
  const headers = {
    Origin: 'http://localhost:5173',
    Authorization: `Bearer ${await findToken(user)}`,
    'Content-Type': 'application/json',
  }
  return httpPost(path, headers, JSON.stringify(body))
}

/** Claims a challenge for each of many users. */
export const claims = (users = activeUsers) =>
  Promise.all(users.map((user) => toPost(user, '/api/generate-challenge', { difficulty: 'easy' })))

/** Claims challenges of each difficulty for one user. */
export const claimsOf = (user: string) =>
  Promise.all(difficulties.map((difficulty) => toPost(user, '/api/generate-challenge', { difficulty })))

/** Answers challenges of many users. */
export const answers = (challenges: { id: number; user: string }[]) =>
  Promise.all(
    challenges.map(({ id, user }) => toPost(user, `/api/challenges/${id}/answer`, { answer_id: id % 4 })),
  )

/** Seven looks at a quota, two pages of a history and a claim, over and over, for many users. */
export async function mixed(users: string[], withHistory: string[]): Promise<string[]> {
  const [quotas, pages, claiming] = await Promise.all([
    manyUsers(users),
    histories(withHistory),
    claims(users),
  ])
  return quotas.flatMap((quota, n) => {
    if (n % 10 < 7) return [quota]
    return (n % 10 < 9 ? pages[n % pages.length] : claiming[n]) ?? []
  })
}

/** More deliveries than a server handles in a second. */
const deliveries = 30_000
let delivered = 0

/** Deliveries of new users, as Svix sends them. The signatures are valid for five minutes. */
export function newUsers(): string[] {
  return Array.from({ length: deliveries }, () => {
    const body = userEvent('user.created', `user_new_${delivered++}`)
    return httpPost('/webhooks/clerk', svixHeaders(body), body)
  })
}
