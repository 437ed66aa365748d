import { Elysia } from 'elysia'
import type { Metrics } from './metrics.ts'

export function metricsRoutes({ metrics }: { metrics: Metrics }) {
  return new Elysia().get(
    '/metrics',
    async () => new Response(await metrics.text(), { headers: { 'content-type': metrics.contentType } }),
    {
      detail: {
        operationId: 'getMetrics',
        tags: ['Operation'],
        summary: 'Metrics in the text format of Prometheus',
        responses: {
          200: {
            description: 'Every metric, with its help.',
            content: { 'text/plain': { schema: { type: 'string' }, example: 'quota_charges_total 42' } },
          },
        },
      },
    },
  )
}
