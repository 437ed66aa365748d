import Histogram from '@prometheus-io/client/lib/histogram.js'
import type Registry from '@prometheus-io/client/lib/registry.js'
import { Problem } from '../problem.ts'
import type { Store } from '../store/store.ts'
import { createCounter } from './counter.ts'

type Operations = Record<string, (...args: unknown[]) => Promise<unknown>>

/** Returns the store with every operation measured. */
export function measureStore(store: Store, registers: Registry[]): Store {
  const durations = new Histogram({
    name: 'database_operation_duration_seconds',
    help: 'Time of an operation of the database, its waits and its failure included.',
    labelNames: ['operation'],
    buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5],
    registers,
  })
  const failures = createCounter(registers)(
    'database_failures_total',
    'Failed operations: unavailable (the request may be repeated), or failed.',
    ['kind'],
  )
  for (const kind of ['unavailable', 'failed']) failures.inc({ kind }, 0)

  function measure(operation: string, run: Operations[string]): Operations[string] {
    durations.zero({ operation })
    return async (...args) => {
      const started = performance.now()
      try {
        return await run(...args)
      } catch (error) {
        const unavailable = error instanceof Problem && error.code === 'unavailable'
        failures.inc({ kind: unavailable ? 'unavailable' : 'failed' })
        throw error
      } finally {
        durations.observe({ operation }, (performance.now() - started) / 1000)
      }
    }
  }

  const operations = Object.entries(store as unknown as Operations)
  const measured = operations.map(([name, run]) => [name, name === 'close' ? run : measure(name, run)])
  return Object.fromEntries(measured) as Store
}
