import { Type as t } from '@sinclair/typebox'
import { Elysia } from 'elysia'
import type { Store } from '../store/store.ts'
import { problemResponses } from './documentation.ts'

const Ok = t.Object({ status: t.Literal('ok') })

export function healthRoutes({ store }: { store: Pick<Store, 'ping'> }) {
  return new Elysia()
    .get('/health', () => ({ status: 'ok' as const }), {
      response: { 200: Ok },
      detail: { tags: ['Operation'], summary: 'Whether the process serves' },
    })
    .get(
      '/ready',
      async () => {
        await store.ping()
        return { status: 'ok' as const }
      },
      {
        response: { 200: Ok, ...problemResponses(503) },
        detail: { tags: ['Operation'], summary: 'Whether the database answers' },
      },
    )
}
