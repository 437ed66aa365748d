import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { parse } from 'gift-pegjs'
import { questions } from '../../src/commands/questions.ts'
import { openStore } from '../../src/store/open.ts'
import { noon } from '../support/clock.ts'
import { runHere } from '../support/command.ts'
import { policy, question } from '../support/contract.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startPostgres } from '../support/postgres.ts'
import { runToEnd } from '../support/process.ts'
import { answerAll, key, share } from '../support/shared-question.ts'

setDefaultTimeout(60_000)

/** More than two pages of an export. */
const count = 1203

/** A database with `count` circulating questions, and one question of each other kind. */
async function fill(postgresUrl: string | undefined, count: number) {
  const folder = temporaryFolder()
  const path = `${folder.path}/library.db`
  const url = postgresUrl ?? `file:${path}`
  const database =
    postgresUrl === undefined ? { engine: 'sqlite' as const, path } : { engine: 'postgres' as const, url }
  const store = await openStore({ ...database, connections: 2, timeoutMs: 5000 }, policy)
  const rows = Array.from({ length: count }, (_, n) => ({
    ...question({ title: `Question ${n}: ${'long '.repeat(200)}?` }),
    ...{ id: n + 1, key: `filled ${n}`, state: 'circulating' as const, dateCreated: noon, reports: 0 },
    answers: [0, 0, 0, 0] as [number, number, number, number],
  }))
  const imported = rows
    .slice(0, 1)
    .map((row) => ({ ...row, id: 9999, key: 'original 1', fingerprint: 'original' }))
  await store.importRows({ questions: [...rows, ...imported], assignments: [], quotas: [] })
  for (const state of ['ready', 'suspected', 'retired'] as const) await share(store, 1, { state })
  await share(store, 1, { source: 'bank', bankId: 'entry' })
  await store.close()
  return { env: { DATABASE_URL: url }, database, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}

let filled: Awaited<ReturnType<typeof fill>>
beforeAll(async () => {
  filled = await fill(undefined, count)
})
afterAll(() => filled[Symbol.dispose]())

test('an export writes the whole library and nothing else', async () => {
  const lines = await runHere(questions, ['export', '--format=jsonl'], filled.env)
  const gift = await runHere(questions, ['export', '--format=gift'], filled.env)

  const items = lines.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(items).toHaveLength(count)
  expect(items.map(({ id }) => id)).toEqual(Array.from({ length: count }, (_, n) => n + 1))
  expect(items[0]).toEqual({
    ...{
      id: 1,
      difficulty: 'easy',
      topic: 'sql',
      language: 'sql',
      title: expect.stringContaining('Question 0'),
    },
    ...{
      options: ['a', '"b"', '\\c', 'd\n{}'],
      correct_answer_id: 2,
      explanation: 'Because.',
      source: 'ai',
    },
    ...{ option_notes: ['no', 'not', null, '"never"'], date_created: new Date(noon).toISOString() },
  })
  const read = parse(gift.stdout) as unknown as { type: string }[]
  expect(read.map(({ type }) => type)).toEqual(['Category', ...Array(count).fill('MC')])
})

test('a process writes an export to a pipe completely', async () => {
  const written = await runToEnd({
    cwd: '/',
    env: filled.env,
    args: ['questions', 'export', '--format=jsonl'],
  })
  expect([written.exitCode, written.stderr]).toEqual([0, ''])
  expect(written.stdout.length).toBeGreaterThan(1_000_000)
  expect(written.stdout.trimEnd().split('\n')).toHaveLength(count)
})

test('list, keep, retire and export work on PostgreSQL too', async () => {
  await using postgres = await startPostgres()
  using filled = await fill(await postgres.createDatabase(), 3)
  const { env } = filled
  const store = await openStore({ ...filled.database, connections: 2, timeoutMs: 5000 }, policy)
  await answerAll(store, await share(store, 15), [...Array(12).fill(0), ...Array(3).fill(key)])
  await store.close()
  const readLines = async (...words: string[]) => {
    const { stdout } = await runHere(questions, words, env)
    return stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  }
  const [first, second, ...others] = await readLines('--json')
  expect([first, second, ...others].map(({ listed }) => listed)).toEqual([
    'suspected',
    'suspected',
    'retired',
  ])
  const asked = [first, second].find(({ votes }) => votes[0] === 12)
  expect(asked).toMatchObject({ share_right: 0.2, discrimination: null, report_list: [] })
  expect((await runHere(questions, ['keep', String(asked.id)], env)).failure).toBeUndefined()
  expect(
    (await runHere(questions, ['retire', String(first.id + second.id - asked.id)], env)).failure,
  ).toBeUndefined()
  expect((await readLines('--json')).map(({ listed }) => listed)).toEqual(['retired', 'retired'])
  expect(await readLines('export', '--format=jsonl')).toHaveLength(3 + 1)
})
