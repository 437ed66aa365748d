import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { failureReasons, modelFaults, rejections, sessionRefusals } from '../../src/failure.ts'
import { startServer } from '../support/server.ts'

const readPage = () => Bun.file(join(import.meta.dir, '../../docs/operations.md')).text()

test('counters with known labels begin at 0', async () => {
  await using server = await startServer()
  const lines = new Set((await (await server.fetch('/metrics')).text()).split('\n'))

  for (const series of [
    ...rejections.map((reason) => `challenge_rejects_total{reason="${reason}"}`),
    ...modelFaults.map((fault) => `model_faults_total{fault="${fault}"}`),
    ...['accepted', ...failureReasons].map(
      (outcome) => `generations_total{difficulty="hard",outcome="${outcome}"}`,
    ),
    'challenges_claimed_total{difficulty="easy",source="bank"}',
    'quota_refusals_total{code="quota_in_flight"}',
    'webhooks_total{type="user.created",outcome="failed"}',
    'webhooks_total{type="other",outcome="invalid_signature"}',
    'http_failures_total{status="500"}',
    'http_failures_total{status="503"}',
    'database_failures_total{kind="unavailable"}',
    'database_failures_total{kind="failed"}',
    'database_operation_duration_seconds_count{operation="claim"}',
  ]) {
    expect(lines).toContain(`${series} 0`)
  }
})

test('the documentation has a row for each metric, each reason and each fault', async () => {
  await using server = await startServer()
  const text = await (await server.fetch('/metrics')).text()
  const names = [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name = '']) => name)
  const rows = (await readPage()).split('\n').filter((line) => line.startsWith('| `'))
  const firstCells = rows.map((row) => row.split('|')[1] ?? '')

  expect(names.length).toBeGreaterThan(10)
  expect(names.filter((name) => !firstCells.some((cell) => cell.includes(`\`${name}`)))).toEqual([])
  const words = [...rejections, ...modelFaults, ...sessionRefusals]
  expect(words.filter((word) => !firstCells.some((cell) => cell.includes(`\`${word}\``)))).toEqual([])
})
