import { Elysia } from 'elysia'
import { problemResponses } from '../http/problem-schemas.ts'
import type { Metrics } from './metrics.ts'

export function metricsRoutes({ metrics }: { metrics: Metrics }) {
  return new Elysia().get(
    '/metrics',
    async () => new Response(await metrics.text(), { headers: { 'content-type': metrics.contentType } }),
    {
      detail: {
        operationId: 'getMetrics',
        tags: ['Operation'],
        description: 'For a scraper; the operations guide explains the metrics.',
        summary: 'Metrics in the text format of Prometheus',
        responses: {
          400: {
            description: 'The path is spelled with dot segments.',
            content: { 'application/problem+json': { schema: problemResponses('invalid_request')[400] } },
          },
          200: {
            description: 'Every metric, with its help.',
            content: { 'text/plain': { schema: { type: 'string' }, example: 'quota_charges_total 42' } },
          },
        },
      },
    },
  )
}
