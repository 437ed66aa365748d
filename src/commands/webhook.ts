import { randomUUID } from 'node:crypto'
import { Webhook } from 'svix'
import { webhookCredentials } from '../clerk/credentials.ts'
import type { Config } from '../config.ts'
import { isUserId, userIdDescription } from '../user-id.ts'
import { createCommand } from './command.ts'

/** `webhook <type> <user_id>` */
export const webhook = createCommand({
  synopsis: 'bun run webhook <type> <user_id>',
  summary: 'Signs a Clerk event, posts it to the running server, and prints the answer.',
  details:
    'For example: bun run webhook user.created user_1\nUse the PORT and, in development, the DATABASE_URL of the server.',
  options: {},
  words: [2, 2],
  run: (config, [type = '', userId = '']) => postEvent(config, type, userId),
})

/** @throws Error with one sentence when an argument is wrong, nothing answers, or the answer is not 2xx. */
async function postEvent(config: Config, type: string, userId: string) {
  if (!isUserId(userId)) throw new Error(`The user id must be ${userIdDescription}.`)
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
  const response = await fetch(toWebhookUrl(config), {
    method: 'POST',
    headers,
    body,
    signal: AbortSignal.timeout(30_000),
  }).catch(() => undefined)
  if (!response) throw new Error(`Nothing answers at ${toWebhookUrl(config)}: start the server first.`)
  process.stdout.write(`${response.status} ${await response.text()}\n`)
  if (response.status === 401)
    throw new Error(
      'The server refused the signature: its CLERK_WEBHOOK_SECRET or (in development) its DATABASE_URL is another one, or its clock differs.',
    )
  if (!response.ok) throw new Error('The webhook was not acknowledged.')
}

function toWebhookUrl({ host, port }: Config): string {
  const reachable =
    { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host)
  return `http://${reachable}:${port}/webhooks/clerk`
}
