import { isUtf8 } from 'node:buffer'
import type { Webhook } from 'svix'
import { type EventBus, userEvents } from '../events.ts'
import { parseJson } from '../json.ts'
import { once } from '../once.ts'
import { Problem, problems } from '../problem.ts'
import { isUserId } from '../user-id.ts'

export type WebhookReceiver = ReturnType<typeof createWebhookReceiver>

/**
 * Receives Clerk's webhooks: verifies the Svix signature (https://docs.svix.com/receiving/verifying-payloads/how)
 * with any of `secrets`, publishes a typed event, and resolves when every effect is in the database. Svix is the durable
 * queue: it retries every delivery that was not acknowledged, so the server keeps none.
 */
export function createWebhookReceiver({ secrets, events }: { secrets: string[]; events: EventBus }) {
  const loadVerifiers = once(() => createVerifiers(secrets))

  /** @throws Problem `invalid_signature` or `invalid_request`, or the error of a subscriber. */
  return async function receive(body: Uint8Array, headers: Headers): Promise<'success' | 'ignored'> {
    const answered = { type: 'other', outcome: 'failed' }
    try {
      const event = verify(await loadVerifiers(), body, headers)
      const name = userEvents.find((handled) => handled === event.type)
      if (!name) {
        answered.outcome = 'ignored'
        return 'ignored'
      }
      answered.type = name
      if (!event.userId) throw problems.eventWithoutUser()
      await events.emit(name, { userId: event.userId })
      answered.outcome = 'success'
      return 'success'
    } catch (error) {
      if (error instanceof Problem) answered.outcome = error.code
      throw error
    } finally {
      void events.emit('webhook.answered', answered)
    }
  }

  function verify(verifiers: Webhook[], body: Uint8Array, headers: Headers) {
    const signed = readSignature(headers)
    const payload = Buffer.from(body)
    if (!verifiers.some((verifier) => isSigned(verifier, payload, signed))) {
      throw problems.invalidSignature()
    }
    return parseEvent(parseJson(body))
  }
}

/** Only the first webhook loads the library, so that the start does not wait for it. */
async function createVerifiers(secrets: string[]): Promise<Webhook[]> {
  const { Webhook } = await import('svix')
  return secrets.map((secret) => new Webhook(secret))
}

/** Reads Svix's own header names, or those of the Standard Webhooks specification; never a mixture of both. */
function readSignature(headers: Headers): Record<string, string> {
  const prefix = ['id', 'timestamp', 'signature'].some((name) => headers.has(`svix-${name}`))
    ? 'svix'
    : 'webhook'
  const read = (name: string) => headers.get(`${prefix}-${name}`) ?? ''
  return { 'svix-id': read('id'), 'svix-timestamp': read('timestamp'), 'svix-signature': read('signature') }
}

function isSigned(verifier: Webhook, payload: Buffer, signed: Record<string, string>): boolean {
  // The library accepts "1700000000x" as a number, and replaces invalid UTF-8 before it computes the signature.
  if (!/^\d{1,12}$/.test(signed['svix-timestamp'] ?? '') || !isUtf8(payload)) return false
  try {
    verifier.verify(payload, signed)
    return true
  } catch {
    return false
  }
}

function parseEvent(event: unknown): { type: string; userId: string | undefined } {
  const { type, data } = (isRecord(event) ? event : {}) as { type?: unknown; data?: unknown }
  if (typeof type !== 'string' || type === '') {
    throw problems.eventWithoutType()
  }
  const id = isRecord(data) ? data.id : undefined
  return { type, userId: isUserId(id) ? id : undefined }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
