import Gauge from '@prometheus-io/client/lib/gauge.js'
import type Registry from '@prometheus-io/client/lib/registry.js'
import type { EventBus } from '../events.ts'
import type { Suspects } from '../store/suspects.ts'
import { suspicions } from '../suspicion.ts'
import { createCounter } from './counter.ts'

type SuspectStock = Pick<Suspects, 'countSuspects'>

/**
 * Counts the decisions of this process about questions, and shows how many questions in the database are suspected or
 * retired.
 */
export function observeSuspects(events: EventBus, store: SuspectStock, registers: Registry[]) {
  const counter = createCounter(registers)
  const suspected = counter('questions_suspected_total', 'Questions that became suspected, by cause.', [
    'reason',
  ])
  const cleared = counter('questions_cleared_total', 'Suspected questions whose key was confirmed.')
  const retired = counter('questions_retired_total', 'Suspected questions that were retired.')
  for (const reason of suspicions) suspected.inc({ reason }, 0)
  events.on('question.suspected', ({ data: { reason } }) => suspected.inc({ reason }))
  events.on('question.cleared', () => cleared.inc())
  events.on('question.retired', () => retired.inc())
  new Gauge({
    name: 'questions_out_of_circulation',
    help: 'Questions that are suspected or retired.',
    labelNames: ['state'],
    registers,
    async collect() {
      // The other metrics must stay available when the database fails: omit only the gauge.
      this.reset()
      const counts = await store.countSuspects().catch(() => undefined)
      for (const [state, count] of Object.entries(counts ?? {})) this.set({ state }, count)
    },
  })
}
