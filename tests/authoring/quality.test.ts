import { expect, setDefaultTimeout, test } from 'bun:test'
import { quality } from '../../src/commands/quality.ts'
import { runHere } from '../support/command.ts'
import { temporaryFolder } from '../support/folder.ts'
import { goodChallenge, startModel } from '../support/model.ts'
import { runToEnd } from '../support/process.ts'
import { modelVariables } from '../support/server.ts'

setDefaultTimeout(60_000)

test('`quality` prints a table of accepted and rejected challenges, positions of the answer, calls and tokens', async () => {
  await using model = startModel()
  let asked = 0
  // Every third challenge has two equal options.
  model.author = () => {
    const challenge = goodChallenge()
    return ++asked % 3 === 0 ? { ...challenge, distractors: ['x', 'x', 'y'] } : challenge
  }

  using folder = temporaryFolder()
  const env = { ...modelVariables(model), REVIEW: 'on' }
  const { stdout, exitCode } = await runToEnd({ cwd: folder.path, env, args: ['quality', '6'] })

  expect(exitCode).toBe(0)
  const rows = new Map(
    stdout.split('\n').map((line) => [
      line.slice(0, 28).trim(),
      line
        .slice(28)
        .trim()
        .split(/\s{2,}/),
    ]),
  )
  expect(rows.get('accepted')).toEqual(['6', '6', '6'])
  const rejected = rows.get('rejected: options_repeated')?.map(Number) ?? []
  expect(rejected.reduce((sum, times) => sum + times, 0)).toBe(asked - 18)
  expect(asked).toBeGreaterThan(18)
  expect(rows.get('rejected: repeat')).toEqual(['0', '0', '0'])
  for (const places of rows.get('place of the key') ?? []) {
    expect(places.split(' / ').reduce((sum, place) => sum + Number(place), 0)).toBe(6)
  }
  // Each call takes 100 tokens of input and 50 of output. The number of calls is rounded to a tenth.
  const calls = rows.get('model answers each')?.map(Number) ?? []
  const tokens = rows.get('input tokens each')?.map(Number) ?? []
  expect(tokens).toHaveLength(3)
  for (const [column, each] of tokens.entries()) {
    expect(Math.abs(each - 100 * Number(calls[column]))).toBeLessThan(8)
  }
})

test.each([
  ['no model', [], {}, 'No model is configured'],
  ['a count that is none', ['many'], { OPENAI_API_KEY: 'sk-test' }, 'must be 1 to 9999, not many.'],
  ['a count of 0', ['0'], { OPENAI_API_KEY: 'sk-test' }, 'must be 1 to 9999, not 0.'],
])('%s is refused in one sentence', async (_, args, env, words) => {
  const { stdout, failure } = await runHere(quality, args, env)
  expect(stdout).toBe('')
  expect(failure).toContain(words)
  expect(failure).not.toContain('\n')
})
