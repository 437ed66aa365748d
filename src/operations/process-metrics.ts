import { existsSync, readdirSync, readFileSync } from 'node:fs'
import Counter from '@prometheus-io/client/lib/counter.js'
import Gauge from '@prometheus-io/client/lib/gauge.js'
import Histogram from '@prometheus-io/client/lib/histogram.js'
import type Registry from '@prometheus-io/client/lib/registry.js'
import { version } from '../../package.json'

/**
 * The process, under the names that Prometheus recommends
 * (https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics). The collectors of the client package
 * are not used: they describe Node's heap, and reset the lag of the event loop at each scrape.
 */
export function observeProcess(database: string, registers: Registry[]) {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time of the process, in user and system mode.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage()
      this.reset()
      this.inc((user + system) / 1e6)
    },
  })
  gauge(
    'process_start_time_seconds',
    'Start of the process, in Unix time.',
    () => performance.timeOrigin / 1000,
  )
  gauge('process_resident_memory_bytes', 'Resident memory of the process.', () => process.memoryUsage.rss())
  // These figures exist on Linux only.
  if (existsSync('/proc/self/limits')) {
    gauge('process_open_fds', 'Open file descriptors.', () => readdirSync('/proc/self/fd').length)
    gauge('process_max_fds', 'The most file descriptors that the process may open.', readMaxFds)
  }
  const build = new Gauge({
    name: 'build_info',
    help: 'Always 1. The labels are the versions of the server and of Bun, and the database engine.',
    labelNames: ['version', 'bun', 'database'],
    registers,
  })
  build.set({ version, bun: Bun.version, database }, 1)
}

function readMaxFds(): number {
  const [, soft = 'unlimited'] =
    /^Max open files +(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft)
}

/** The time between two samples of the event loop, in milliseconds. */
const sampleMs = 100

/**
 * Samples by how much timers are late: while a call blocks the event loop, no request is answered. Returns a function
 * that ends the sampling.
 */
export function observeEventLoop(registers: Registry[]): () => void {
  const lag = new Histogram({
    name: 'event_loop_lag_seconds',
    help: 'Delay of a timer, sampled ten times a second.',
    buckets: [0.005, 0.02, 0.1, 0.25, 1, 5],
    registers,
  })
  let due = performance.now() + sampleMs
  const timer = setInterval(() => {
    const now = performance.now()
    lag.observe(Math.max(0, now - due) / 1000)
    due = now + sampleMs
  }, sampleMs)
  timer.unref()
  return () => clearInterval(timer)
}
