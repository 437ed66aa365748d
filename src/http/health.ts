import { Type as t } from '@sinclair/typebox'
import { Elysia } from 'elysia'
import { Problem, unavailable } from '../problem.ts'
import type { Store } from '../store/store.ts'
import { problemResponses } from './documentation.ts'

const Ok = t.Object(
  { status: t.Literal('ok') },
  { description: 'The process serves.', examples: [{ status: 'ok' }] },
)

const Ready = t.Object(
  {
    status: t.Literal('ok'),
    notices: t.Array(t.String(), { description: 'What an operator should know soon; not a failure.' }),
  },
  { description: 'The database answers.', examples: [{ status: 'ok', notices: [] }] },
)

type Parts = { store: Pick<Store, 'ping'>; notices: () => string[] }

export function healthRoutes({ store, notices }: Parts) {
  return new Elysia()
    .get('/health', () => ({ status: 'ok' as const }), {
      response: { 200: Ok },
      detail: { operationId: 'getHealth', tags: ['Operation'], summary: 'Whether the process serves' },
    })
    .get(
      '/ready',
      async () => {
        await store.ping().catch((error: unknown) => {
          throw error instanceof Problem
            ? error
            : unavailable('The database does not answer as it should.', error)
        })
        return { status: 'ok' as const, notices: notices() }
      },
      {
        response: { 200: Ready, ...problemResponses(503) },
        detail: { operationId: 'getReadiness', tags: ['Operation'], summary: 'Whether the database answers' },
      },
    )
}
