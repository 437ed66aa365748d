import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { type BankEntry, bank } from '../../src/authoring/bank.ts'
import { lint } from '../../src/authoring/lint.ts'
import { toFingerprint } from '../../src/fingerprint.ts'
import { difficulties } from '../../src/question.ts'
import { temporaryFolder } from '../support/folder.ts'

setDefaultTimeout(60_000)

const runs = ({ language }: BankEntry) => language === 'javascript' || language === 'typescript'

/** Whether the question asks for the output. */
const asksWhatPrints = ({ question }: BankEntry) =>
  question.split(/(?<=[.?!])\s/).some((sentence) => /\b(?:print|log)(?:s|ed|ged)?\b.*\?$/is.test(sentence))

const repeated = (items: readonly string[]) => items.filter((item, at) => items.indexOf(item) !== at)

describe('the bank', () => {
  test.each([...difficulties])('has at least 30 challenges that are %s', (difficulty) => {
    expect(bank.filter((entry) => entry.difficulty === difficulty).length).toBeGreaterThanOrEqual(30)
  })

  test('obeys the rules for challenges of the model', () => {
    const broken = bank
      .map(({ id, code = null, prints = false, ...entry }) => ({
        id,
        rule: lint({ ...entry, code, prints }),
      }))
      .filter(({ rule }) => rule)
    expect(broken).toEqual([])
  })

  test('has no repeated id and no repeated question', () => {
    expect(repeated(bank.map(({ id }) => id))).toEqual([])
    expect(repeated(bank.map(({ question, code = null }) => toFingerprint(question, code)))).toEqual([])
  })

  test('names a language if and only if there is code', () => {
    expect(bank.filter(({ code, language }) => !code !== !language)).toEqual([])
  })

  test('covers the promised languages', () => {
    const languages = new Set(bank.map(({ language }) => language))
    for (const language of ['javascript', 'typescript', 'python', 'sql', 'bash', 'http']) {
      expect(languages).toContain(language)
    }
  })

  test.each(['easy or not', ...difficulties])(
    'does not give the key away by its length (%s)',
    (difficulty) => {
      const entries = bank.filter((entry) => difficulty === 'easy or not' || entry.difficulty === difficulty)
      const longest = entries.filter(({ answer, distractors }) =>
        distractors.every(({ text }) => text.length < answer.length),
      )
      expect(longest.length / entries.length).toBeLessThanOrEqual(0.3)
    },
  )

  test('does not refer to options by position or letter, since they are shuffled', () => {
    const place =
      /\b(?:first|second|third|fourth|last) (?:option|answer|choice)\b|\b(?:option|answer|choice) [A-D1-4]\b/i
    expect(bank.filter(({ question, explanation }) => place.test(`${question} ${explanation}`))).toEqual([])
  })
})

describe('the output of JavaScript and TypeScript', () => {
  test('is checked for every question about output', () => {
    const asked = bank.filter((entry) => runs(entry) && asksWhatPrints(entry)).map(({ id }) => id)
    const marked = bank.filter(({ prints }) => prints).map(({ id }) => id)
    expect(asked.length).toBeGreaterThan(10)
    expect(marked).toEqual(asked)
  })

  test('is the answer', async () => {
    using folder = temporaryFolder()
    const entries = bank.filter(({ prints }) => prints)

    const printed = await Promise.all(entries.map((entry) => run(entry, folder.path)))

    expect(printed).toEqual(entries.map(({ id, answer }) => ({ id, printed: answer, errors: '' })))
  })
})

/** Runs the code in a new process, and returns its output. */
async function run({ id, code = '', language }: BankEntry, folder: string) {
  const file = join(folder, `${id}.${language === 'typescript' ? 'ts' : 'js'}`)
  await Bun.write(file, code)
  const child = Bun.spawn([process.execPath, file], {
    cwd: folder,
    env: {},
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: 10_000,
  })
  const [printed, errors] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { id, printed: printed.trimEnd(), errors }
}
