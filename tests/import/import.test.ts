import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { importOriginal } from '../../src/commands/import.ts'
import { runHere } from '../support/command.ts'
import { temporaryFolder } from '../support/folder.ts'
import { createOriginal, prepareImport } from '../support/original.ts'

test('every challenge and quota of the original is imported with its id, and with its date in the given time zone', async () => {
  using it = prepareImport()
  it.source.addChallenge(1)
  it.source.addChallenge(9, { difficulty: 'hard', date_created: '2025-01-15 23:30:00', created_by: 'user_2' })
  it.source.addQuota(4, 'user_1', 44, '2025-06-23 02:19:37.966257')

  const { stdout, stderr, exitCode } = await it.importByProcess('--timezone=America/New_York')

  expect(stderr).toBe('')
  expect(exitCode).toBe(0)
  expect(stdout).toContain('Challenges: 2 read, 2 new, 0 here already.')
  expect(it.rows('SELECT * FROM challenges ORDER BY id')).toMatchObject([
    {
      id: 1,
      difficulty: 'easy',
      // Summer time: four hours behind UTC.
      date_created: Date.UTC(2025, 5, 23, 6, 19, 37, 966),
      created_by: 'user_1',
      title: 'Question 1',
      options: '["a","b","c","d"]',
      correct_answer_id: 1,
      explanation: 'Because.',
      source: 'ai',
    },
    { id: 9, difficulty: 'hard', date_created: Date.UTC(2025, 0, 16, 4, 30), created_by: 'user_2' },
  ])
  expect(it.rows('SELECT * FROM challenge_quotas')).toMatchObject([
    { id: 4, user_id: 'user_1', quota_remaining: 44, last_reset_date: Date.UTC(2025, 5, 23, 6, 19, 37, 966) },
  ])
})

test('a repeated import adds only new rows', async () => {
  using it = prepareImport()
  it.source.addChallenge(1)
  it.source.addQuota(1, 'user_1', 44, '2025-06-23 02:19:37')
  await it.importIt()
  it.source.addChallenge(2)

  const { stdout } = await it.importIt()

  expect(stdout).toContain('Challenges: 2 read, 1 new, 1 here already.')
  expect(stdout).toContain('Quotas: 1 read, 0 new, 1 here already.')
  expect(it.rows('SELECT id FROM challenges ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }])
})

test('a question that the original repeats is stored once, and every challenge is imported', async () => {
  using it = prepareImport()
  const canned = { title: 'Basic Python List Operation', correct_answer_id: 0 }
  for (const id of [1, 2, 3]) it.source.addChallenge(id, canned)
  it.source.addChallenge(4, { ...canned, options: '["d", "c", "b", "a"]' })

  await it.importIt()

  expect(it.rows('SELECT id, question_id FROM assignments ORDER BY id')).toEqual([
    { id: 1, question_id: 1 },
    { id: 2, question_id: 1 },
    { id: 3, question_id: 1 },
    { id: 4, question_id: 4 },
  ])
  expect(it.rows('SELECT count(*) AS count, count(fingerprint) AS known FROM questions')).toEqual([
    { count: 2, known: 1 },
  ])
})

test('an import is not repeated in a database that version 1.0.0 imported into', async () => {
  using it = prepareImport()
  it.source.addChallenge(1)
  await it.importIt()
  // Version 1.0.0 kept keys of challenges only.
  it.change('UPDATE questions SET import_key = NULL')

  const { stdout } = await it.importIt()

  expect(stdout).toContain('Questions: 1 read, 0 new, 1 here already.')
  expect(stdout).toContain('Challenges: 1 read, 0 new, 1 here already.')
})

test('an import keeps all challenges in a database with rows, and does not change existing quotas', async () => {
  using it = prepareImport()
  using folder = temporaryFolder()
  const second = createOriginal(join(folder.path, 'second.db'))
  it.source.addChallenge(1)
  it.source.addQuota(1, 'user_1', 44, '2025-06-23 02:19:37')
  second.addChallenge(1, { title: 'Another question', created_by: 'user_2' })
  second.addChallenge(2, { date_created: '2025-06-24 02:19:37' })
  second.addQuota(1, 'user_2', 7, '2025-06-23 02:19:37')
  second.addQuota(2, 'user_1', 1, '2025-06-23 02:19:37')
  await it.importIt()

  const { stdout } = await it.importIt({ from: join(folder.path, 'second.db') })

  expect(stdout).toContain('Challenges: 2 read, 2 new, 0 here already.')
  expect(stdout).toContain('Quotas: 2 read, 1 new, 1 here already.')
  expect(it.rows('SELECT created_by, count(*) AS count FROM challenges GROUP BY 1 ORDER BY 1')).toEqual([
    { created_by: 'user_1', count: 2 },
    { created_by: 'user_2', count: 1 },
  ])
  expect(it.rows('SELECT user_id, quota_remaining FROM challenge_quotas ORDER BY 1')).toEqual([
    { user_id: 'user_1', quota_remaining: 44 },
    { user_id: 'user_2', quota_remaining: 7 },
  ])
})

test('a dry run prints the numbers of rows, and imports none', async () => {
  using it = prepareImport()
  it.source.addChallenge(1)
  const { stdout, failure } = await it.importIt({ options: ['--dry-run'] })
  expect(failure).toBeUndefined()
  expect(stdout).toContain('To import: 1 challenges, 0 quotas.')
  expect(() => it.rows('SELECT 1')).toThrow()
})

test.each([
  ['two zones', ['x.db', '--timezone=UTC', '--timezone=Europe/Berlin'], '--timezone is given twice'],
  ['a zone without a name', ['x.db', '--timezone'], "Option '--timezone <value>' argument missing."],
  ['a dry run with a value', ['x.db', '--dry-run=no'], "Option '--dry-run' does not take an argument."],
  ['an unknown zone', ['x.db', '--timezone=Mars/Olympus'], 'IANA name'],
])('%s is refused in one sentence', async (_, args, words) => {
  using folder = temporaryFolder()
  const env = { DATABASE_URL: `file:${join(folder.path, 'ours.db')}` }
  const { stdout, failure } = await runHere(importOriginal, args, env)
  expect(stdout).toBe('')
  expect(failure).toContain(words)
  expect(failure).not.toContain('\n')
})
