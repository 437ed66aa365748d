import { expect, setDefaultTimeout } from 'bun:test'
import type { Page } from 'playwright-core'
import { browserTest, generate, signIn, startDevelopment, textOf, useBrowser } from '../support/browser.ts'
import { day, noon } from '../support/clock.ts'
import { startModel } from '../support/model.ts'

setDefaultTimeout(60_000)

const open = useBrowser()

/** A server and a page whose clocks stand at noon until the test sets them. */
async function startWalk() {
  const clock = { now: noon }
  const model = startModel()
  const server = await startDevelopment({ model, now: () => clock.now })
  const page = await open(server)
  await page.clock.setSystemTime(clock.now)
  return {
    page,
    server,
    async sleepUntilTomorrow() {
      clock.now += day
      await page.clock.setSystemTime(clock.now)
    },
    async [Symbol.asyncDispose]() {
      await page[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
      await model[Symbol.asyncDispose]()
    },
  }
}

const readQuestion = (page: Page) => textOf(page.locator('#stage .question'))

/** Answers a question of the model: "What is 3 plus 3?". */
async function answer(page: Page, isRight: boolean) {
  const sum = 2 * Number(/\d+/.exec(await readQuestion(page))?.[0])
  await page.getByRole('radio', { name: String(isRight ? sum : sum + 1), exact: true }).check()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: isRight ? 'Right' : 'Not quite', exact: true }).waitFor()
}

/** Waits until the progress shows these words. */
async function expectProgress(page: Page, ...words: string[]) {
  for (const word of words) await page.locator('#progress').getByText(word, { exact: true }).first().waitFor()
}

/** The titles and the answers of the listed challenges. */
async function listHistory(page: Page): Promise<string[]> {
  const items = await page.locator('#history summary').all()
  return Promise.all(
    items.map(
      async (item) =>
        `${await textOf(item.locator('.title'))} ${await textOf(item.locator('.badge').first())}`,
    ),
  )
}

browserTest('a learner walks from the sign-in to a streak of two days', async () => {
  await using walk = await startWalk()
  const { page, server } = walk
  await signIn(page, server)
  await expectProgress(page, '0 days', '0 of 0 right', 'Answer a challenge to start a streak.')

  await generate(page, 'Medium')
  const first = await readQuestion(page)
  await answer(page, true)
  await expectProgress(page, '1 day', '1 of 1 right', 'Today counts. Come back tomorrow.')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Check the answer' }).waitFor()
  const second = await readQuestion(page)
  await page.reload()
  expect(await readQuestion(page)).toBe(second)
  expect(await page.getByRole('radio', { name: 'Medium' }).isChecked()).toBe(true)
  await page.getByText('48 of 50 credits left').waitFor()
  await answer(page, false)
  await expectProgress(page, '1 of 2 right', '50 %')

  await walk.sleepUntilTomorrow()
  await page.reload()
  await expectProgress(page, '1 day', 'Answer a challenge today to keep the streak.')
  expect(await page.locator('#stage').isVisible()).toBe(false)
  await generate(page)
  const third = await readQuestion(page)
  await answer(page, true)
  await expectProgress(page, '2 days', 'longest: 2 days', '2 of 3 right', '67 %')
  expect(await page.locator('.days').getAttribute('aria-label')).toBe(
    'The last 30 days. Mar 28: 2 answered, 1 right; Mar 29: 1 answered, 1 right.',
  )
  await page.getByText('yesterday', { exact: true }).first().waitFor()
  expect(await listHistory(page)).toEqual([`${third} ✓ right`, `${second} ✗ wrong`, `${first} ✓ right`])
})

browserTest('a wrong answer is found, practised and reported, and stays on record', async () => {
  await using walk = await startWalk()
  const { page, server } = walk
  await signIn(page, server)
  await generate(page)
  const wrong = await readQuestion(page)
  await answer(page, false)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Check the answer' }).waitFor()
  await answer(page, true)
  await page.locator('#filter-answer').selectOption('Wrong')
  await page.waitForFunction(() => document.querySelectorAll('#history li').length === 1)
  expect(await listHistory(page)).toEqual([`${wrong} ✗ wrong`])

  await page.locator('#history summary').click()
  await page.getByRole('button', { name: 'Practise again' }).click()
  expect(await textOf(page.locator('#stage .note'))).toBe(
    'Practice: your first answer was wrong, just now. It stays on record.',
  )
  expect(await page.locator('#stage :is(.right, .wrong, :checked)').count()).toBe(0)
  await answer(page, true)
  await page.getByText('This was practice: your first answer stays on record.').waitFor()
  await expectProgress(page, '1 of 2 right')
  expect(await listHistory(page)).toEqual([`${wrong} ✗ wrong`])

  await page.locator('#stage').getByRole('button', { name: 'Report a problem' }).click()
  await page.getByRole('radio', { name: 'The question is unclear' }).check()
  await page.getByLabel('Comment').fill('Which one? ')
  await page.getByRole('button', { name: 'Send the report' }).click()
  await page.getByRole('heading', { name: 'Thank you' }).waitFor()
  await page.getByRole('button', { name: 'Close' }).click()
  expect(await page.locator('dialog').count()).toBe(0)
  using database = server.database()
  const reports = database.query(
    'SELECT report_reason, report_comment FROM assignments WHERE report_reason IS NOT NULL',
  )
  expect(reports.all()).toEqual([{ report_reason: 'unclear', report_comment: 'Which one?' }])
})
