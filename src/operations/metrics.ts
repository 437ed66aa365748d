import Histogram from '@prometheus-io/client/lib/histogram.js'
import Registry from '@prometheus-io/client/lib/registry.js'
import { type EventBus, userEvents } from '../events.ts'
import { damageableTables, type SessionRefusal, sessionRefusals } from '../failure.ts'
import { difficulties, reportReasons, sources } from '../question.ts'
import type { Store } from '../store/store.ts'
import { createCounter } from './counter.ts'
import { measureStore } from './database-metrics.ts'
import { observeGenerations, observeModel } from './model-metrics.ts'
import { observeEventLoop, observeProcess } from './process-metrics.ts'
import { listDifficultyTopics, observeSupply, toLabel } from './supply-metrics.ts'
import { observeSuspects } from './suspect-metrics.ts'

type Parts = { events: EventBus; store: Store; engine: string }

export type Metrics = ReturnType<typeof createMetrics>

/**
 * Collects metrics for Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/). Every label has few
 * values; users, request paths and ids are never labels. Label sets that are known beforehand begin at 0: a series that
 * first appears with a 1 has no rate.
 */
export function createMetrics({ events, store, engine }: Parts) {
  const registry = new Registry()
  const registers = [registry]

  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a request’s arrival to its answer, by route and status.',
    labelNames: ['route', 'status'],
    buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  })
  // The statuses of a route are not known beforehand, so an alert on the histogram would miss a first failure.
  const failures = createCounter(registers)('http_failures_total', 'Requests answered with a 5xx.', [
    'status',
  ])
  for (const status of [500, 503]) failures.inc({ status }, 0)
  const countRefusedSession = createSessionCounter(registers)
  observeUsers(events, registers)
  observeAnswers(events, registers)
  observeGenerations(events, registers)
  observeModel(events, registers)
  observeSupply(events, store, registers)
  observeSuspects(events, store, registers)
  observeDamage(events, registers)
  observeProcess(engine, registers)
  const endSampling = observeEventLoop(registers)

  return {
    /** The store, with every operation measured. */
    store: measureStore(store, registers),
    /** Records an answered request. `route` is `none` for a path without a route. */
    observeRequest(route: string, status: number, seconds: number) {
      requests.observe({ route, status }, seconds)
      // A probe that is told to come back later is no failed request.
      if (status >= 500 && route !== '/ready') failures.inc({ status })
    },
    countRefusedSession,
    contentType: registry.contentType,
    text: () => registry.metrics(),
    [Symbol.dispose]: endSampling,
  }
}

function createSessionCounter(registers: Registry[]) {
  const refused = createCounter(registers)('sessions_refused_total', 'Sessions refused with 401.', ['reason'])
  for (const reason of sessionRefusals) refused.inc({ reason }, 0)
  return (reason: SessionRefusal) => refused.inc({ reason })
}

function observeUsers(events: EventBus, registers: Registry[]) {
  const counter = createCounter(registers)
  const claims = counter('challenges_claimed_total', 'Challenges assigned.', ['difficulty', 'source'])
  const charges = counter('quota_charges_total', 'Credits charged.')
  const refusals = counter('quota_refusals_total', 'Requests refused for lack of credits.', ['code'])
  const webhooks = counter('webhooks_total', 'Webhooks by type and outcome.', ['type', 'outcome'])
  for (const difficulty of difficulties) {
    for (const source of sources) claims.inc({ difficulty, source }, 0)
  }
  for (const code of ['quota_exhausted', 'quota_in_flight']) refusals.inc({ code }, 0)
  for (const type of userEvents) {
    for (const outcome of ['success', 'failed']) webhooks.inc({ type, outcome }, 0)
  }
  for (const outcome of ['ignored', 'failed', 'invalid_signature', 'invalid_request'])
    webhooks.inc({ type: 'other', outcome }, 0)
  events.on('challenge.claimed', ({ data: { difficulty, source, charged } }) => {
    claims.inc({ difficulty, source })
    if (charged) charges.inc()
  })
  events.on('quota.refused', ({ data }) => refusals.inc(data))
  events.on('webhook.answered', ({ data }) => webhooks.inc(data))
}

/** Counts answers and reports. */
function observeAnswers(events: EventBus, registers: Registry[]) {
  const counter = createCounter(registers)
  const answers = counter(
    'answers_total',
    'First answers by verdict. The topic is none where it is not known.',
    ['difficulty', 'topic', 'verdict'],
  )
  const reports = counter('reports_total', 'Challenges reported by reason; a second report does not count.', [
    'reason',
  ])
  for (const labels of listDifficultyTopics()) {
    for (const verdict of ['right', 'wrong']) answers.inc({ ...labels, verdict }, 0)
  }
  for (const reason of reportReasons) reports.inc({ reason }, 0)
  events.on('challenge.answered', ({ data: { difficulty, topic, correct } }) => {
    answers.inc({ difficulty, topic: toLabel(topic), verdict: correct ? 'right' : 'wrong' })
  })
  events.on('challenge.reported', ({ data: { reason } }) => reports.inc({ reason }))
}

function observeDamage(events: EventBus, registers: Registry[]) {
  const counter = createCounter(registers)
  const leftOut = counter('damaged_rows_total', 'Damaged rows left out of answers, each time.', ['table'])
  for (const table of damageableTables) leftOut.inc({ table }, 0)
  events.on('row.left_out', ({ data: { table } }) => leftOut.inc({ table }))
}
