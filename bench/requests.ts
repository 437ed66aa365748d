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

const signToken = (userId: string) => sessionToken(userId, { seconds: hour })

/** Reads one user's quota with one token. */
export const sameToken = async () => [httpGet('/api/quota', await signToken('user_0'))]

/** Reads quotas, each request with a token of its own. */
export async function freshToken(): Promise<string[]> {
  const users = Array.from({ length: freshTokens }, (_, n) => activeUsers[n % activeUsers.length] ?? '')
  return Promise.all(users.map(async (user) => httpGet('/api/quota', await signToken(user))))
}

/** Reads the quotas of many users, each with one token. */
export const manyUsers = () =>
  Promise.all(activeUsers.map(async (user) => httpGet('/api/quota', await signToken(user))))

/** Reads the latest hundred challenges of many users. */
export const histories = (users = readers) =>
  Promise.all(users.map(async (user) => httpGet('/api/my-history', await signToken(user))))

/** Claims a challenge for each of many users. */
export const claims = () =>
  Promise.all(
    activeUsers.map(async (user) => {
      const headers = {
        Origin: 'http://localhost:5173',
        Authorization: `Bearer ${await signToken(user)}`,
        'Content-Type': 'application/json',
      }
      return httpPost('/api/generate-challenge', headers, '{"difficulty":"easy"}')
    }),
  )

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
