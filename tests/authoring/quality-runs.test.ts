import { expect, setDefaultTimeout, spyOn, test } from 'bun:test'
import { quality } from '../../src/commands/quality.ts'
import { difficulties } from '../../src/question.ts'
import { runHere } from '../support/command.ts'
import { goodChallenge, startModel } from '../support/model.ts'
import { modelVariables } from '../support/server.ts'

setDefaultTimeout(60_000)

/** Runs the command in this process, and collects what it writes to standard error. */
async function runWithStderr(args: string[], env: Record<string, string>, isTTY: boolean) {
  let stderr = ''
  using _ = spyOn(process.stderr, 'write').mockImplementation((text: string | Uint8Array) => {
    stderr += text
    return true
  })
  const before = process.stderr.isTTY
  process.stderr.isTTY = isTTY
  const result = await runHere(quality, args, env)
  process.stderr.isTTY = before
  return { ...result, stderr }
}

test('--json prints a line for each accepted question and nothing else; the table goes to standard error', async () => {
  await using model = startModel()
  model.author = () => ({ ...goodChallenge(), code: 'SELECT 1' })

  const env = { ...modelVariables(model), REVIEW: 'on' }
  const { stdout, stderr } = await runWithStderr(['3', '--topic=sql', '--json'], env, false)

  const questions = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(questions).toHaveLength(9)
  for (const question of questions) {
    expect(question).toMatchObject({ topic: 'sql', language: 'sql', checked: 'reviewed' })
    expect(Number(question.options[question.correct_answer_id]) % 2).toBe(0)
    expect(question.title).toContain('```sql\nSELECT 1\n```')
  }
  expect(questions.filter(({ difficulty }) => difficulty === 'hard')).toHaveLength(3)
  expect(stderr).toMatch(/^accepted +3 +3 +3$/m)
})

test('--topic asks for that topic only; without it the topics of TOPICS take turns', async () => {
  await using model = startModel()
  const env = { ...modelVariables(model), REVIEW: 'off', TOPICS: 'go,css' }
  const asked = () =>
    model.requests
      .splice(0)
      .map(({ body }) => /^Topic: ([^,]*)/m.exec(body.messages.at(-1)?.content ?? '')?.[1])

  await runHere(quality, ['2', '--topic=cpp'], env)
  expect(asked()).toEqual(Array(6).fill('C++'))
  await runHere(quality, ['2'], env)
  expect(asked().toSorted()).toEqual(['CSS', 'CSS', 'CSS', 'Go', 'Go', 'Go'])
})

test('a topic that does not exist is refused with the list of topics', async () => {
  const { failure } = await runHere(quality, ['--topic=cobol'], { OPENAI_API_KEY: 'sk-test' })
  expect(failure).toStartWith('The topic must be one of: javascript, ')
})

test('the table tells rejected questions, failed calls, repeats, and how keys were checked', async () => {
  await using model = startModel()
  const first = goodChallenge()
  const answers = [
    first,
    { ...first, question: first.question.toUpperCase() },
    new Response('', { status: 503 }),
  ]
  // The first generation of easy questions gives one question; the others are repeats and failures.
  model.author = ({ body }) =>
    (body.messages.at(-1)?.content.includes('EASY') && answers.shift()) || goodChallenge()
  model.review = ({ body }) => {
    const [, a, b] = /What is (\d+) plus (\d+)\?/.exec(body.messages.at(-1)?.content ?? '') ?? []
    return { reason: 'Added.', answer: `${Number(a) + Number(b)}` }
  }

  const env = { ...modelVariables(model), REVIEW: 'on', TOPICS: 'sql' }
  const { stdout } = await runHere(quality, ['2'], env)

  const cells = (name: string) =>
    stdout
      .split('\n')
      .find((line) => line.startsWith(name))
      ?.slice(name.length)
      .trim()
      .split(/\s{2,}/)
  expect(cells('accepted')).toEqual(['2', '2', '2'])
  expect(cells('rejected: repeat')).toEqual(['1', '0', '0'])
  expect(cells('rejected: near_repeat')).toEqual(['0', '0', '0'])
  expect(cells('call failed: server_error')).toEqual(['1', '0', '0'])
  expect(cells('key proven by running')).toEqual(['0 %', '0 %', '0 %'])
  expect(cells('key reviewed by the same model')).toEqual(['100 %', '100 %', '100 %'])
  expect(cells('reviewer agrees with author')).toEqual(['100 %', '100 %', '100 %'])
  expect(cells('input tokens each')).toHaveLength(3)
})

test('a model that gives no answer ends the measurement early, in one sentence', async () => {
  await using model = startModel()
  model.author = () => new Response('', { status: 401 })

  const { stdout, failure } = await runHere(quality, ['500'], modelVariables(model))

  expect(stdout).toBe('')
  expect(failure).toStartWith('The model gives no usable answer (unauthorized): check OPENAI_BASE_URL, ')
  expect(failure).not.toContain('\n')
  // Five generations failed, and at most two more were under way.
  expect(model.requests.length).toBeLessThanOrEqual(21)
})

test('a model that fails in a short measurement is a failure too', async () => {
  await using model = startModel()
  model.author = () => new Response('', { status: 404 })

  const { stdout, failure } = await runHere(quality, ['1'], modelVariables(model))

  expect(stdout).toBe('')
  expect(failure).toContain('The model gives no usable answer (')
})

test('a model whose questions are all rejected gets a table', async () => {
  await using model = startModel()
  model.author = () => ({ ...goodChallenge(), distractors: ['x', 'x', 'y'] })

  const { stdout, failure } = await runHere(quality, ['2'], modelVariables(model))

  expect(failure).toBeUndefined()
  expect(stdout).toMatch(/^given up after 3 attempts +2 +2 +2$/m)
})

test.each([true, false])('on a terminal (%p) the progress is shown on standard error', async (isTTY) => {
  await using model = startModel()
  const { stdout, stderr } = await runWithStderr(['1'], modelVariables(model), isTTY)
  expect(stderr.includes('of 3: ')).toBe(isTTY)
  expect(stdout).not.toContain('of 3: ')
  for (const difficulty of difficulties) expect(stdout).toContain(difficulty)
})
