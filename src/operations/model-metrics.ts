import Gauge from '@prometheus-io/client/lib/gauge.js'
import Histogram from '@prometheus-io/client/lib/histogram.js'
import type Registry from '@prometheus-io/client/lib/registry.js'
import type { EventBus } from '../events.ts'
import { failureReasons, modelFaults, rejections } from '../failure.ts'
import { checks, difficulties, proofs } from '../question.ts'
import { createCounter } from './counter.ts'

// Label sets that are known beforehand begin at 0: a series that first appears with a 1 has no rate.

/** The calls of the model. */
export function observeModel(events: EventBus, registers: Registry[]) {
  const counter = createCounter(registers)
  const faults = counter('model_faults_total', 'Model answers that could not be used.', ['fault'])
  const tokens = counter('model_tokens_total', 'Tokens, as counted by the model.', ['direction'])
  const options = counter('model_options_refused_total', 'Parameters that were refused.', ['option'])
  const notices = new Gauge({
    name: 'model_notice',
    help: '1 while /ready shows a notice about the model.',
    registers,
  })
  const calls = new Histogram({
    name: 'model_call_duration_seconds',
    help: 'Time of a call of the model, by outcome.',
    labelNames: ['outcome'],
    buckets: [0.1, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300],
    registers,
  })
  for (const fault of modelFaults) faults.inc({ fault }, 0)
  for (const outcome of ['answered', ...modelFaults]) calls.zero({ outcome })
  for (const direction of ['input', 'output']) tokens.inc({ direction }, 0)
  options.inc({ option: 'reasoning_effort' }, 0)

  events.on('model.called', ({ data: { outcome, seconds } }) => calls.observe({ outcome }, seconds))
  events.on('model.failed', ({ data: { fault } }) => faults.inc({ fault }))
  events.on('model.refused_option', ({ data: { option } }) => options.inc({ option }))
  events.on('model.noticed', ({ data }) => notices.set(data.notices.length > 0 ? 1 : 0))
  events.on('model.answered', ({ data: { input, output } }) => {
    tokens.inc({ direction: 'input' }, input)
    tokens.inc({ direction: 'output' }, output)
  })
}

/** The generations and their questions. */
export function observeGenerations(events: EventBus, registers: Registry[]) {
  const counter = createCounter(registers)
  const generations = counter('generations_total', 'Generations by outcome.', ['difficulty', 'outcome'])
  const rejects = counter('challenge_rejects_total', 'Challenges by the model that were rejected.', [
    'reason',
  ])
  const accepted = counter(
    'questions_accepted_total',
    'Questions by the model, by the check of their keys.',
    ['checked'],
  )
  const runs = counter('questions_run_total', 'Questions whose code was run, by outcome.', ['outcome'])
  for (const difficulty of difficulties) {
    for (const outcome of ['accepted', ...failureReasons]) generations.inc({ difficulty, outcome }, 0)
  }
  for (const reason of rejections) rejects.inc({ reason }, 0)
  for (const checked of checks) accepted.inc({ checked }, 0)
  for (const outcome of proofs) runs.inc({ outcome }, 0)

  events.on('generation.finished', ({ data }) => generations.inc(data))
  events.on('challenge.rejected', ({ data }) => rejects.inc(data))
  events.on('question.accepted', ({ data: { checked } }) => accepted.inc({ checked }))
  events.on('question.run', ({ data }) => runs.inc({ outcome: data.proof }))
}
