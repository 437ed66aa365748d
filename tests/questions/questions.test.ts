import { expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { questions } from '../../src/commands/questions.ts'
import { runHere } from '../support/command.ts'
import { addChallenges } from '../support/database.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type Server, startServer } from '../support/server.ts'
import { readQuestion, reveal, shareQuestion } from '../support/suspected.ts'

setDefaultTimeout(60_000)

const run = (server: Pick<Server, 'path'>, ...args: string[]) =>
  runHere(questions, args, { DATABASE_URL: `file:${server.path}` })

/** The lines of a list as JSON. */
async function listJson(server: Server) {
  const { stdout, failure } = await run(server, '--json')
  expect(failure).toBeUndefined()
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

/** One question of each kind that a list shows, and one that it does not show. */
async function addEachKind(server: Server) {
  const suspected = shareQuestion(server, 15, 'Suspected?')
  await reveal(server, suspected)
  const retired = shareQuestion(server, 1, 'Retired?')
  const reported = shareQuestion(server, 2, 'Reported?')
  const worst = shareQuestion(server, 9, 'Worst?')
  shareQuestion(server, 1, 'Unremarkable?')
  expect((await run(server, 'retire', String(retired.id))).stdout).toContain('is retired')
  for (const [n, { userId, challengeId }] of reported.learners.entries())
    await server.report(userId, challengeId, {
      reason: 'wrong_key',
      ...(n === 1 && { comment: 'It is “two”!' }),
    })
  for (const [n, { userId, challengeId }] of worst.learners.entries())
    await server.answer(userId, challengeId, n < 7 ? 1 : 2)
  return { suspected }
}

test('a list shows suspected, retired, reported and bad questions, with their figures, texts and comments', async () => {
  await using server = await startServer()
  const { suspected } = await addEachKind(server)

  const lines = await listJson(server)

  expect(lines.map(({ listed, title }) => `${listed}: ${title}`)).toEqual([
    'suspected: Suspected?',
    'retired: Retired?',
    'reported: Reported?',
    'worst: Worst?',
  ])
  expect(lines[0]).toMatchObject({
    ...{ id: suspected.id, state: 'suspected', votes: [12, 0, 3, 0], share_right: 0.2, correct_answer_id: 2 },
    ...{ options: ['one', 'two', 'three', 'four'], explanation: 'Because.', kept: false, topic: 'go' },
  })
  expect(lines[2]).toMatchObject({
    reports: 2,
    report_list: [
      { reason: 'wrong_key', comment: 'It is “two”!', reported_at: expect.stringMatching(/Z$/) },
      { reason: 'wrong_key', comment: null, reported_at: expect.any(String) },
    ],
  })
  const { stdout } = await run(server)
  for (const text of [
    'Suspected: 1',
    'Suspected?',
    '20 % of 15 right',
    '12  one',
    '*  3  three',
    'It is “two”!',
  ])
    expect(stdout).toContain(text)
  expect(stdout).not.toContain('Unremarkable?')
})

test('discrimination is negative if those who do well elsewhere choose a distractor', async () => {
  await using server = await startServer()
  const elsewhere = [0, 1, 2].map((n) => shareQuestion(server, 15, `Elsewhere ${n}?`))
  for (const { learners } of elsewhere)
    for (const [n, { userId, challengeId }] of learners.entries())
      await server.answer(userId, challengeId, n < 12 ? 2 : 1)
  const wrongKey = shareQuestion(server, 15, 'Wrong key?')
  await reveal(server, wrongKey)
  const lines = await listJson(server)
  expect(lines.find(({ id }) => id === wrongKey.id)?.discrimination).toBe(-1)
  expect((await run(server)).stdout).toContain('discrimination -1.00')
})

test('the decisions of the operator are final, while the server runs', async () => {
  await using server = await startServer()
  const shared = shareQuestion(server, 17)
  await reveal(server, shared)
  const { id } = shared
  expect(readQuestion(server, shared).state).toBe('suspected')

  const kept = await run(server, 'keep', String(id))

  expect(kept).toMatchObject({
    failure: undefined,
    stdout: `Question ${id} is kept: it is never suspected again.\n`,
  })
  expect(readQuestion(server, shared).state).toBe('circulating')
  await server.answer('user_16', shared.learners[15]?.challengeId ?? 0, 0)
  for (const { userId, challengeId } of shared.learners.slice(0, 4))
    await server.report(userId, challengeId, { reason: 'wrong_key' })
  expect(readQuestion(server, shared).state).toBe('circulating')
  expect(await listJson(server)).toEqual([])
  await run(server, 'retire', String(id))
  expect(readQuestion(server, shared).state).toBe('retired')
  expect((await server.history('user_17')).body.challenges).toMatchObject([{ retired: true }])
})

test.each([
  [['keep', '99'], 'There is no question with the id 99, or it is damaged.'],
  [['retire', '99'], 'There is no question with the id 99.'],
  [['keep'], 'Name the question: keep <id>.'],
  [['keep', 'x'], 'The id of a question is a positive whole number.'],
  [['retire', '0'], 'The id of a question is a positive whole number.'],
  [['keep', '9999999999999999'], 'The id of a question is a positive whole number.'],
  [['export'], 'An export needs --format=gift or --format=jsonl.'],
  [['export', '--format=xml'], 'An export needs --format=gift or --format=jsonl.'],
  [['export', 'all', '--format=gift'], 'An export takes no further word, not all.'],
  [['--format=gift'], 'Only an export has a --format.'],
  [['keep', '1', '--json'], 'Only a list has --json.'],
  [['list', '--json'], 'Unknown word list: use keep <id>, retire <id> or export.'],
])('%p is refused in one sentence', async (args, failure) => {
  await using server = await startServer()
  expect(await run(server, ...args)).toEqual({ stdout: '', failure, usage: undefined })
})

test('a database that does not exist is not created', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'none.db')
  const { failure } = await run({ path })
  expect(failure).toBe(`There is no database ${path}: check DATABASE_URL.`)
  expect(await Bun.file(path).exists()).toBe(false)
})

test('a text that would control a terminal is shown without its control characters', async () => {
  await using server = await startServer()
  addChallenges(server, [{ id: 1, title: 'Red \x1b[31m?\n\n```\ncode\n```' }])
  await server.report('user_1', 1, { reason: 'broken' })
  const { stdout } = await run(server)
  expect(stdout).toContain('Red [31m? ``` code ```')
  expect(stdout).not.toContain('\x1b')
})
