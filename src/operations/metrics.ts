import { Counter, Gauge, Histogram, Registry } from '@prometheus-io/client'
import { Elysia } from 'elysia'
import { reportReasons } from '../answer.ts'
import type { EventBus } from '../events.ts'
import { type Difficulty, difficulties } from '../question.ts'
import type { Store } from '../store/store.ts'
import { topicIds } from '../topics.ts'

type Parts = { events: EventBus; store: Pick<Store, 'countReady'> }

export type Metrics = ReturnType<typeof createMetrics>

/**
 * Collects metrics for Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/). Every label has few
 * values; users, request paths and ids are never labels.
 */
export function createMetrics({ events, store }: Parts) {
  const registry = new Registry()
  const registers = [registry]

  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a request’s arrival to its answer, by route and status.',
    labelNames: ['route', 'status'],
    buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  })
  subscribeCounters(events, createCounters(registers))
  countAnswers(events, registers)
  observePool(store, registers)

  return {
    /** Records an answered request. `route` is `none` for a path without a route. */
    observeRequest(route: string, status: number, seconds: number) {
      requests.observe({ route, status }, seconds)
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  }
}

function createCounters(registers: Registry[]) {
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name, help, labelNames, registers })
  const generations = counter('generations_total', 'Generations by outcome.', ['difficulty', 'outcome'])
  const rejects = counter('challenge_rejects_total', 'Challenges by the model that were rejected.', [
    'reason',
  ])
  const faults = counter('model_faults_total', 'Calls of the model without a usable answer.', ['fault'])
  const tokens = counter('model_tokens_total', 'Tokens, as counted by the model.', ['direction'])
  const claims = counter('challenges_claimed_total', 'Challenges assigned.', ['difficulty', 'source'])
  const charges = counter('quota_charges_total', 'Credits charged.')
  const refusals = counter('quota_refusals_total', 'Requests refused for lack of credits.', ['code'])
  const webhooks = counter('webhooks_total', 'Webhooks by type and outcome.', ['type', 'outcome'])
  const notices = new Gauge({
    name: 'model_notice',
    help: '1 while /ready shows a notice about the model.',
    registers,
  })
  return { generations, rejects, faults, tokens, claims, charges, refusals, webhooks, notices }
}

/** Counts answers and reports. The counters begin at 0, so that the first answer shows in a rate. */
function countAnswers(events: EventBus, registers: Registry[]) {
  const answers = new Counter({
    name: 'answers_total',
    help: 'First answers by verdict. The topic is none where it is not known.',
    labelNames: ['difficulty', 'topic', 'verdict'],
    registers,
  })
  const reports = new Counter({
    name: 'reports_total',
    help: 'Challenges reported by reason; a second report of a challenge is not counted.',
    labelNames: ['reason'],
    registers,
  })
  for (const difficulty of difficulties) {
    for (const topic of [...topicIds, 'none']) {
      for (const verdict of ['right', 'wrong']) answers.inc({ difficulty, topic, verdict }, 0)
    }
  }
  for (const reason of reportReasons) reports.inc({ reason }, 0)
  events.on('challenge.answered', ({ data: { difficulty, topic, correct } }) => {
    const known = topicIds.find((id) => id === topic) ?? 'none'
    answers.inc({ difficulty, topic: known, verdict: correct ? 'right' : 'wrong' })
  })
  events.on('challenge.reported', ({ data: { reason } }) => reports.inc({ reason }))
}

/** Reads the number of questions in the pool at each scrape. */
function observePool(store: Parts['store'], registers: Registry[]) {
  new Gauge({
    name: 'pool_ready_challenges',
    help: 'Questions in the pool.',
    labelNames: ['difficulty'],
    registers,
    async collect() {
      // The other metrics must stay available when the database fails: omit only the gauge.
      this.reset()
      const count = async (difficulty: Difficulty) => {
        const ready = await store.countReady(difficulty).catch(() => undefined)
        if (ready !== undefined) this.set({ difficulty }, ready)
      }
      await Promise.all(difficulties.map(count))
    },
  })
}

type Counters = ReturnType<typeof createCounters>

function subscribeCounters(events: EventBus, counters: Counters) {
  const { generations, rejects, faults, tokens, notices, claims, charges, refusals, webhooks } = counters
  events.on('generation.finished', ({ data }) => generations.inc(data))
  events.on('challenge.rejected', ({ data }) => rejects.inc(data))
  events.on('model.failed', ({ data }) => faults.inc(data))
  events.on('model.answered', ({ data: { input, output } }) => {
    tokens.inc({ direction: 'input' }, input)
    tokens.inc({ direction: 'output' }, output)
  })
  events.on('model.noticed', ({ data }) => notices.set(data.notice ? 1 : 0))
  events.on('challenge.claimed', ({ data: { difficulty, source, charged } }) => {
    claims.inc({ difficulty, source })
    if (charged) charges.inc()
  })
  events.on('quota.refused', ({ data }) => refusals.inc(data))
  events.on('webhook.answered', ({ data }) => webhooks.inc(data))
}

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
