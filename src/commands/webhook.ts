import { randomUUID } from 'node:crypto'
import { Webhook } from 'svix'
import { webhookCredentials } from '../clerk/credentials.ts'
import type { Config } from '../config.ts'

/**
 * `webhook <type> <user_id>`: signs a Clerk event with the configured secret, posts it to the running server, and
 * prints the answer.
 * @throws Error with one sentence when words are missing or too many, nothing answers, or the answer is not 2xx.
 */
export async function webhook(config: Config, [type, userId, ...more]: string[]) {
  if (!type || !userId || more.length > 0)
    throw new Error('Usage: bun run webhook <type> <user_id>, such as: user.created user_1')
  const event = { object: 'event', type, timestamp: Date.now(), data: { id: userId, object: 'user' } }
  const body = JSON.stringify(event)
  const id = `msg_${randomUUID()}`
  const at = new Date()
  const [secret = ''] = webhookCredentials(config)
  const headers = {
    'content-type': 'application/json',
    'svix-id': id,
    'svix-timestamp': String(Math.floor(at.getTime() / 1000)),
    'svix-signature': new Webhook(secret).sign(id, at, body),
  }
  const response = await fetch(urlOf(config), {
    method: 'POST',
    headers,
    body,
    signal: AbortSignal.timeout(30_000),
  }).catch(() => undefined)
  if (!response) throw new Error(`Nothing answers at ${urlOf(config)}: start the server first.`)
  process.stdout.write(`${response.status} ${await response.text()}\n`)
  if (!response.ok) throw new Error('The webhook was not acknowledged.')
}

function urlOf({ host, port }: Config): string {
  const reachable =
    { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host)
  return `http://${reachable}:${port}/webhooks/clerk`
}
