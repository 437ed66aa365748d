import Counter from '@prometheus-io/client/lib/counter.js'
import type Registry from '@prometheus-io/client/lib/registry.js'

export const createCounter =
  (registers: Registry[]) =>
  (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name, help, labelNames, registers })
