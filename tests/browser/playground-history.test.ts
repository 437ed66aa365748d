import { expect, setDefaultTimeout } from 'bun:test'
import { browserTest, signIn, startDevelopment, useBrowser } from '../support/browser.ts'
import { addChallenges } from '../support/database.ts'

setDefaultTimeout(60_000)

const open = useBrowser()

browserTest('the history is shown page by page, and filtered by difficulty', async () => {
  await using server = await startDevelopment()
  const rows = Array.from({ length: 24 }, (_, index) => {
    return { id: index + 1, date: index + 1, difficulty: index % 2 === 0 ? 'easy' : 'hard' }
  })
  addChallenges(server, rows)
  await using page = await open(server)
  await signIn(page, server)
  const items = page.locator('#history li')
  const more = page.getByRole('button', { name: 'Show older' })

  await items.nth(9).waitFor()
  expect(await items.count()).toBe(10)
  await more.click()
  await items.nth(10).waitFor()
  expect(
    await items
      .nth(10)
      .locator('summary')
      .evaluate((one) => one === document.activeElement),
  ).toBe(true)
  await more.click()
  await items.nth(23).waitFor()
  expect([await items.count(), await more.isVisible()]).toEqual([24, false])
  const titles = await items.locator('.title').allInnerTexts()
  expect(titles).toEqual(rows.map(({ id }) => `Question ${id}?`).toReversed())

  await page.locator('#filter-difficulty').selectOption('Hard')
  await page.waitForFunction(() => document.querySelectorAll('#history li').length === 10)
  await more.click()
  await items.nth(11).waitFor()
  expect(await items.locator('.difficulty').allInnerTexts()).toEqual(Array(12).fill('hard'))
  expect(await more.isVisible()).toBe(false)
  await page.locator('#filter-difficulty').selectOption('Medium')
  await page.getByText('No challenges like this.').waitFor()
})
