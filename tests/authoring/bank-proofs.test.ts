import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { readBank } from '../../src/authoring/bank.ts'
import { programsOf, strayChecks } from '../support/bank-checks.ts'
import { disproving } from '../support/bank-proofs.ts'
import { missingCommand, toolNames } from '../support/bank-tools.ts'

const bank = await readBank()

setDefaultTimeout(300_000)

const programs = programsOf(bank)

describe('the keys of the bank', () => {
  for (const tool of [...toolNames, 'tsc', 'sql', 'postgres']) {
    const missing = missingCommand(tool)
    const skips = missing !== undefined && !process.env.CI
    const name = `are proven by running (${tool})${skips ? `, skipped because ${missing} is not installed` : ''}`

    test.skipIf(skips)(name, async () => {
      const own = programs.filter((program) => program.tool === tool)

      expect(await disproving(tool, own)).toEqual([])
    })
  }

  test.each([
    ['by its output', 'js-plus-left-to-right', 'javascript', '1234'],
    ['by an error of the compiler', 'ts-readonly-array', 'tsc', 'sizes.slice()'],
    ['by the rows of a query', 'sql-null-forms-a-group', 'sql', '4'],
    ['by the state of a repository', 'git-log-double-dot', 'bash', 'git log feature'],
  ])('are refuted %s when a distractor changes places with the key', async (_, id, tool, text) => {
    const wrong = bank
      .filter((entry) => entry.id === id)
      .map((entry) => ({
        ...entry,
        answer: text,
        distractors: entry.distractors.map((distractor) =>
          distractor.text === text ? { ...distractor, text: entry.answer } : distractor,
        ),
      }))

    const refuting = await disproving(tool, programsOf(wrong))

    expect(refuting.map((program) => program.id)).toContain(id)
  })

  test('are proven for all code in a language that runs', () => {
    const proven = new Set(programs.map(({ id }) => id))
    const runs = [...toolNames, 'sql']
    // A complexity is no output; a check may count steps.
    const unproven = bank.filter(
      ({ id, topic, code, language = '' }) =>
        code && runs.includes(language) && topic !== 'complexity' && !proven.has(id),
    )
    expect(unproven.map(({ id }) => id)).toEqual([])
  })

  test('are proven for all questions about SQL and Git but those about no command', () => {
    const proven = new Set(programs.map(({ id }) => id))
    const unproven = bank.filter(({ id, topic }) => (topic === 'sql' || topic === 'git') && !proven.has(id))
    expect(unproven.map(({ id }) => id)).toEqual(['sql-order-without-order-by'])
  })

  test('are not checked by a check without an entry', () => {
    expect(strayChecks(bank)).toEqual([])
  })
})
