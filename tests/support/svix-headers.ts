import { createHmac } from 'node:crypto'
import { svixHeaders, webhookSecret } from './clerk.ts'

export type Headers = Record<string, string>

/** Replaces parts of valid headers, or removes those that are `undefined`. */
export type Change = (good: { id: string; timestamp: string; signature: string }) => {
  id?: string | undefined
  timestamp?: string | undefined
  signature?: string | undefined
}

/** The headers with which Svix delivers `body`, after a change. */
export function signedHeaders(body: string, change: Change = () => ({})): Headers {
  const good = svixHeaders(body)
  const parts = {
    id: good['svix-id'],
    timestamp: good['svix-timestamp'],
    signature: good['svix-signature'],
  }
  const headers: Headers = { 'content-type': 'application/json' }
  for (const [name, value] of Object.entries({ ...parts, ...change(parts) })) {
    if (value !== undefined) headers[`svix-${name}`] = value
  }
  return headers
}

/** The same headers under the names of the Standard Webhooks specification. */
export const renamed = (headers: Headers): Headers =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.replace('svix-', 'webhook-'), value]),
  )

/** The headers by the text of the specification, computed without the library. */
export function specified(body: string | Uint8Array, secret = webhookSecret) {
  const [id, timestamp] = ['msg_specified', String(Math.floor(Date.now() / 1000))]
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')
  return {
    'content-type': 'application/json',
    'svix-id': id,
    'svix-timestamp': timestamp,
    'svix-signature': `v1,${signature}`,
  }
}
