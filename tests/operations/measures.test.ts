import { expect, setDefaultTimeout, test } from 'bun:test'
import { renameSync } from 'node:fs'
import { version } from '../../package.json'
import { until } from '../support/async.ts'
import { seriesOf } from '../support/metrics.ts'
import { startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

test('the process, its build and its operations of the database are measured', async () => {
  await using server = await startServer()
  await server.generate('user_1')
  const series = await seriesOf(server)
  const read = (name: string) => series.get(name) ?? Number.NaN

  expect(series.get(`build_info{version="${version}",bun="${Bun.version}",database="sqlite"}`)).toBe(1)
  expect(read('process_cpu_seconds_total')).toBeGreaterThan(0)
  expect(read('process_resident_memory_bytes')).toBeGreaterThan(10_000_000)
  expect(Math.abs(read('process_start_time_seconds') - (Date.now() / 1000 - process.uptime()))).toBeLessThan(
    2,
  )
  if (process.platform === 'linux') {
    expect(read('process_open_fds')).toBeGreaterThan(3)
    expect(read('process_max_fds')).toBeGreaterThan(read('process_open_fds'))
  }
  expect(read('database_operation_duration_seconds_count{operation="claim"}')).toBe(1)
  expect(read('database_operation_duration_seconds_sum{operation="claim"}')).toBeGreaterThan(0)
})

test('the processor time of a scrape has the time used before it', async () => {
  await using server = await startServer()
  const first = (await seriesOf(server)).get('process_cpu_seconds_total') ?? Number.NaN
  const used = process.cpuUsage()
  const second = (await seriesOf(server)).get('process_cpu_seconds_total') ?? Number.NaN

  expect(second).toBeGreaterThanOrEqual((used.user + used.system) / 1e6)
  expect(second).toBeLessThan(first + 60)
})

test('a call that blocks the event loop shows as its lag', async () => {
  await using server = await startServer()
  const late = async () => {
    const series = await seriesOf(server)
    const upTo = (bound: string) => series.get(`event_loop_lag_seconds_bucket{le="${bound}"}`) ?? Number.NaN
    return upTo('+Inf') - upTo('0.25')
  }
  expect(
    await until(() => seriesOf(server).then((s) => s.get('event_loop_lag_seconds_count')), 'a sample'),
  ).toBeGreaterThan(0)
  const before = await late()
  const end = performance.now() + 600
  while (performance.now() < end);

  expect(await until(async () => (await late()) > before, 'the lag is sampled')).toBe(true)
})

test('a failure of the database is counted, and its request as a 5xx', async () => {
  await using server = await startServer()
  renameSync(server.path, `${server.path}.moved`)
  expect((await server.quota('user_1')).status).toBe(503)
  const series = await seriesOf(server)

  expect(series.get('database_failures_total{kind="unavailable"}')).toBe(1)
  expect(series.get('database_operation_duration_seconds_count{operation="refreshQuota"}')).toBe(1)
  expect(series.get('http_failures_total{status="503"}')).toBe(1)
  expect(series.get('http_failures_total{status="500"}')).toBe(0)
})
