import { Type as t } from '@sinclair/typebox'
import { Elysia } from 'elysia'
import { bodyParsers } from '../http/body.ts'
import { problemResponses } from '../http/documentation.ts'
import type { WebhookReceiver } from './webhook.ts'

const ReceiptModel = t.Object({
  status: t.Union([t.Literal('success'), t.Literal('ignored')], {
    description: 'Done, or of a type that means nothing here.',
  }),
})

export function webhookRoutes({ receiveWebhook }: { receiveWebhook: WebhookReceiver }) {
  return new Elysia()
    .use(bodyParsers)
    .post(
      '/webhooks/clerk',
      async ({ body, request }) => ({ status: await receiveWebhook(body as Uint8Array, request.headers) }),
      {
        parse: 'raw',
        response: { 200: ReceiptModel, ...problemResponses(400, 401, 408, 413, 415, 500, 503) },
        detail: {
          tags: ['Webhooks'],
          summary: 'Receive an event from Clerk',
          description:
            'Verified by its Svix signature over the raw body. 200 says that every effect is in the database; Svix ' +
            'delivers everything else again. `user.created` opens a quota, `user.deleted` erases a user’s data.',
        },
      },
    )
}
