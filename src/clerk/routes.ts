import { type TSchema, Type } from '@sinclair/typebox'
import { Elysia } from 'elysia'
import { bodyCodes, bodyParsers } from '../http/body.ts'
import { enumerated } from '../http/enumerations.ts'
import { problemResponses } from '../http/problem-schemas.ts'
import type { WebhookReceiver } from './webhook.ts'

export const ReceiptSchema = Type.Object(
  {
    status: enumerated('ReceiptStatus', {
      description: 'Whether the event was handled, or ignored because of its type.',
    }),
  },
  { named: 'EventReceipt', description: 'The delivery is acknowledged.', examples: [{ status: 'success' }] },
)

const EventSchema: TSchema = Type.Object(
  {
    type: Type.String({ description: '`user.created` or `user.deleted`; other types are ignored.' }),
    data: Type.Object(
      { id: Type.String({ description: 'The user’s id.' }) },
      { named: 'ClerkEventData', description: 'The user of the event.' },
    ),
  },
  { named: 'ClerkEvent', description: 'An event of any type.' },
)

/** Documents the body and the headers of a delivery. No schema validates them: the signature covers both. */
const delivery = {
  parameters: [
    { name: 'svix-id', description: 'the id of the message', example: 'msg_2b9e52a1' },
    { name: 'svix-timestamp', description: 'when it was signed, in Unix seconds', example: '1795520080' },
    { name: 'svix-signature', description: 'one or more signatures', example: 'v1,K5oZ…' },
  ].map((header) => ({ ...header, in: 'header', required: true, schema: { type: 'string' } as const })),
  requestBody: {
    description: 'An event of any type; unknown members are ignored.',
    required: true,
    content: {
      'application/json': {
        schema: EventSchema,
        example: { type: 'user.created', data: { id: 'user_1' } },
      },
    },
  },
}

type Parts = {
  receiveWebhook: WebhookReceiver
  /** The time that a client has to send a body, in milliseconds. */
  bodyMs: number
}

/** `POST /webhooks/clerk`, which needs a signature instead of a session. */
export function webhookRoutes({ receiveWebhook, bodyMs }: Parts) {
  return new Elysia()
    .use(bodyParsers(bodyMs))
    .post(
      '/webhooks/clerk',
      async ({ body, request }) => ({ status: await receiveWebhook(body as Uint8Array, request.headers) }),
      {
        parse: 'rawBody',
        response: {
          200: ReceiptSchema,
          ...problemResponses(
            'invalid_request',
            'invalid_signature',
            ...bodyCodes,
            'internal',
            'unavailable',
          ),
        },
        detail: {
          operationId: 'receiveClerkEvent',
          tags: ['Webhooks'],
          summary: 'Receive an event from Clerk',
          description:
            'Verifies the Svix signature over the raw body. 200 means that every effect is in the database; Svix ' +
            'retries after any other status. `user.created` opens a quota, `user.deleted` erases the user’s data. In ' +
            'development, `bun run webhook user.created user_1` signs and sends an event.',
          ...delivery,
        },
      },
    )
}
