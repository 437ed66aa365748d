import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { bank } from '../../src/authoring/bank.ts'
import { programsOf, strayChecks } from '../support/bank-checks.ts'
import { disproving } from '../support/bank-proofs.ts'
import { missingCommand, toolNames } from '../support/bank-tools.ts'

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

  test('are not checked by a check without an entry', () => {
    expect(strayChecks(bank)).toEqual([])
  })
})
