import { Type } from '@sinclair/typebox'
import { Elysia } from 'elysia'
import type { EventBus } from '../events.ts'
import { problemResponses } from '../http/problem-schemas.ts'
import { Problem, problems } from '../problem.ts'
import type { Store } from '../store/store.ts'

const Ok = Type.Object(
  { status: Type.Literal('ok') },
  { named: 'Health', description: 'The process serves.', examples: [{ status: 'ok' }] },
)

const Ready = Type.Object(
  {
    status: Type.Literal('ok'),
    notices: Type.Array(Type.String(), { description: 'Warnings for the operator; not failures.' }),
  },
  { named: 'Readiness', description: 'The database answers.', examples: [{ status: 'ok', notices: [] }] },
)

type Parts = { store: Pick<Store, 'ping'>; events: EventBus }

/**
 * `GET /health`: the process serves. `GET /ready`: the database answers, and the server is not about to stop; with
 * notices for the operator.
 */
export function healthRoutes({ store, events }: Parts) {
  let notices: string[] = []
  events.on('model.noticed', ({ data }) => {
    notices = data.notices.map(({ text }) => text)
  })
  let stopping = false
  events.on('server.stopping', () => {
    stopping = true
  })
  return new Elysia()
    .get('/health', () => ({ status: 'ok' as const }), {
      response: { 200: Ok, ...problemResponses('invalid_request') },
      detail: {
        operationId: 'getHealth',
        tags: ['Operation'],
        summary: 'Whether the process serves',
        description: 'For a liveness check: it reads nothing.',
      },
    })
    .get(
      '/ready',
      async () => {
        if (stopping) throw problems.stopping()
        await store.ping().catch((error: unknown) => {
          throw error instanceof Problem ? error : problems.databaseUnavailable(error)
        })
        return { status: 'ok' as const, notices }
      },
      {
        response: { 200: Ready, ...problemResponses('invalid_request', 'unavailable') },
        detail: {
          operationId: 'getReadiness',
          tags: ['Operation'],
          summary: 'Whether the database answers',
          description: 'For a readiness check, and for warnings about the configuration of the model.',
        },
      },
    )
}
