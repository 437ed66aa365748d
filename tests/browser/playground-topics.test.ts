import { expect, setDefaultTimeout } from 'bun:test'
import type { Page } from 'playwright-core'
import { browserTest, generate, signIn, startDevelopment, textOf, useBrowser } from '../support/browser.ts'

setDefaultTimeout(60_000)

const open = useBrowser()

const readTopic = (page: Page) => page.locator('#topic').inputValue()

/** Waits until the topics are listed. */
async function chooseTopic(page: Page, name: string) {
  await page.locator('#topic').selectOption({ label: name })
}

browserTest('the chosen topic and difficulty are used, and remembered for each user', async () => {
  await using server = await startDevelopment()
  await using page = await open(server)
  await signIn(page, server, 'user_1')
  await chooseTopic(page, 'Python')
  await generate(page, 'Medium')

  expect(await page.locator('#stage .badge').allInnerTexts()).toEqual(['Python', 'medium'])
  await page.reload()
  await page.getByRole('button', { name: 'Check the answer' }).waitFor()
  expect(await readTopic(page)).toBe('python')
  expect(await page.getByRole('radio', { name: 'Medium' }).isChecked()).toBe(true)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await signIn(page, server, 'user_2')
  await chooseTopic(page, 'Git')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await signIn(page, server, 'user_3')
  await page.locator('#topic option', { hasText: 'Git' }).waitFor({ state: 'attached' })
  expect([await readTopic(page), await page.getByRole('radio', { name: 'Easy' }).isChecked()]).toEqual([
    '',
    true,
  ])
})

browserTest('the history is filtered by topic and answer, and the progress counts both', async () => {
  await using server = await startDevelopment()
  await using page = await open(server)
  await signIn(page, server)
  for (const topic of ['Python', 'SQL', 'Python']) {
    await chooseTopic(page, topic)
    await generate(page)
    await page.keyboard.press('1')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Next challenge' }).waitFor()
  }
  await page
    .locator('#progress')
    .getByText(/^\d of 3 right$/)
    .waitFor()
  await page.locator('#progress summary').click()
  const rows = await page.locator('#progress tbody tr').allInnerTexts()
  expect(rows.map((row) => row.replace(/\d of/, '_ of'))).toEqual([
    'easy\t_ of 3',
    'Python\t_ of 2',
    'SQL\t_ of 1',
  ])

  await page.locator('#filter-topic').selectOption({ label: 'Python' })
  await page.waitForFunction(() => document.querySelectorAll('#history li').length === 2)
  await page.locator('#filter-answer').selectOption({ label: 'Not answered' })
  await page.getByText('No challenges like this.').waitFor()
})

browserTest(
  'the page offers the topics of the server, and forgets a topic that is no longer offered',
  async () => {
    await using server = await startDevelopment({ env: { TOPICS: 'python,sql' } })
    await using page = await open(server)
    await page.goto(server.url)
    await page.evaluate(() =>
      localStorage.setItem(
        'playground.user_1',
        JSON.stringify({ choice: { difficulty: 'hard', topic: 'go' } }),
      ),
    )
    await signIn(page, server)
    await page.locator('#topic option').nth(2).waitFor({ state: 'attached' })

    expect(await page.locator('#topic option').allTextContents()).toEqual(['Any topic', 'Python', 'SQL'])
    await generate(page, 'Hard')
    expect(await textOf(page.locator('#stage .badge').first())).toMatch(/^(Python|SQL)$/)
  },
)
