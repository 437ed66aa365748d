import { expect, setDefaultTimeout } from 'bun:test'
import type { Page } from 'playwright-core'
import { colourRules, findFaults } from '../support/accessibility.ts'
import { browserTest, generate, startDevelopment, useBrowser } from '../support/browser.ts'
import { startModel } from '../support/model.ts'
import type { Server } from '../support/server.ts'

setDefaultTimeout(60_000)

const open = useBrowser()

const code = `// A comment that makes this line much longer than a window of 320 pixels is wide
const limit: number = 3
console.log([1, 2, 3].map((value) => \`\${value * limit}\`).join(', '))`

/** A server whose model writes a question with code and notes, and then stops answering. */
async function startStates() {
  const model = startModel()
  const question = {
    question: 'What does this code print?',
    code,
    explanation: 'Each `value` is multiplied.',
    answer: '3, 6, 9',
    distractors: [
      { text: '369', misconception: '`join` puts the separator *between* the texts.' },
      { text: '9', misconception: 'Nothing adds the values.' },
      { text: 'undefined', misconception: '`log` prints its argument.' },
    ],
  }
  model.author = () => (model.calls('challenge') > 1 ? Promise.withResolvers().promise : question)
  const server = await startDevelopment({ model })
  return {
    server,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]().then(() => model[Symbol.asyncDispose]()),
  }
}

/** Each state of the page, and the way to it from the state before it. */
const states: Record<string, (page: Page, server: Server) => Promise<unknown>> = {
  'sign-in': (page, server) => page.goto(server.url),
  'empty history': async (page) => {
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('No challenges yet: generate one.').waitFor()
    await page.locator('#progress .days').waitFor()
  },
  question: (page) => generate(page),
  'report dialog': (page) => page.locator('#stage').getByRole('button', { name: 'Report a problem' }).click(),
  'wrong answer': async (page) => {
    await page.keyboard.press('Escape')
    await page.locator('#stage .option', { hasText: 'undefined' }).click()
    await page.keyboard.press('Enter')
    await page.locator('#progress').getByText('0 of 1 right').waitFor()
  },
  'open history and request': async (page) => {
    await page.locator('#history .wrong').waitFor()
    await page.locator('#history summary').click()
    await page.locator('#history details[open] .options').waitFor()
    await page.locator('#request summary').first().click()
    await page.locator('#request-shown details summary').click()
  },
  'practised right': async (page) => {
    await page.getByRole('button', { name: 'Practise again' }).click()
    await page.locator('#stage .option', { hasText: '3, 6, 9' }).click()
    await page.keyboard.press('Enter')
    await page.getByText('This was practice').waitFor()
  },
  generating: async (page) => {
    await page.getByRole('button', { name: 'Next challenge' }).click()
    await page.getByRole('heading', { name: 'Generating: easy' }).waitFor()
  },
  cancelled: (page) => page.getByRole('button', { name: 'Cancel' }).click(),
  'error without a network': async (page) => {
    await page.context().setOffline(true)
    await page.getByRole('button', { name: 'Generate', exact: true }).click()
    await page.locator('#stage').getByRole('alert').waitFor()
    await page.context().setOffline(false)
  },
}

const variants = [
  { name: 'light', width: 1280, colorScheme: 'light' },
  { name: 'dark', width: 1280, colorScheme: 'dark' },
  { name: 'narrow', width: 320, colorScheme: 'light' },
] as const

for (const { name, width, colorScheme } of variants) {
  browserTest(`every state of the page is accessible and fits the window (${name})`, async () => {
    await using started = await startStates()
    await using page = await open(started.server, { width, losesConnections: true })
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const rules = colorScheme === 'dark' ? colourRules : undefined
    for (const [state, enter] of Object.entries(states)) {
      await enter(page, started.server)
      const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth)
      const faults = await findFaults(page, undefined, rules)
      expect([state, faults, scrollWidth]).toEqual([state, [], width])
    }
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0)
  })
}
