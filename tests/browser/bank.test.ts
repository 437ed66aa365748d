import { expect } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { readBank } from '../../src/authoring/bank.ts'
import { browserTest, useBrowser } from '../support/browser.ts'

const bank = await readBank()

/**
 * A page, an expression that the page evaluates, and its value as a text. `{{code}}` and `{{answer}}` stand for those of
 * the entry. With `{{option}}` the page is opened for each option, and the value must be the text for the answer alone.
 */
const Check = Type.Object(
  { id: Type.String(), page: Type.String(), gives: Type.String(), is: Type.String() },
  { additionalProperties: false },
)

const file = readFileSync(join(import.meta.dir, 'bank.yaml'), 'utf8')
const trials = Value.Parse(Type.Array(Check), Bun.YAML.parse(file)).flatMap(({ id, page, gives, is }) => {
  const entry = bank.find((candidate) => candidate.id === id)
  if (!entry) throw new Error(`The bank has no entry ${id}.`)
  const { code = '', answer, distractors } = entry
  const hasOption = `${page}${gives}`.includes('{{option}}')
  const options = hasOption ? [answer, ...distractors.map(({ text }) => text)] : [answer]
  return options.map((option) => {
    const fill = (text: string) =>
      text
        .replaceAll('{{code}}', () => code)
        .replaceAll('{{answer}}', () => answer)
        .replaceAll('{{option}}', () => option)
    return { id, option, holds: option === answer, page: fill(page), gives: fill(gives), is: fill(is) }
  })
})

const open = useBrowser()

browserTest('a browser proves the keys of the bank about HTML and CSS', async () => {
  await using tab = await open({ url: 'about:blank' })
  const wrong = []
  for (const { page, gives, is, ...trial } of trials) {
    await tab.setContent(`<!doctype html>${page}`)
    const value = String(await tab.evaluate(`String(${gives})`))
    if ((value === is) !== trial.holds) wrong.push({ ...trial, value })
  }
  expect(trials.length).toBeGreaterThan(30)
  expect(wrong).toEqual([])
})
