import { expect, setDefaultTimeout } from 'bun:test'
import { browserTest, signIn, startDevelopment, useBrowser } from '../support/browser.ts'
import type { Server } from '../support/server.ts'

setDefaultTimeout(60_000)

const open = useBrowser()

async function tokenOf(server: Server, userId: string): Promise<string> {
  const response = await server.fetch('/playground/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user_id: userId }),
  })
  return ((await response.json()) as { token: string }).token
}

/** Generates challenges of a user by the API. */
async function generateSome(server: Server, userId: string, count: number) {
  const authorization = `Bearer ${await tokenOf(server, userId)}`
  const headers = { authorization, 'content-type': 'application/json' }
  for (let made = 0; made < count; made++) {
    const body = JSON.stringify({ difficulty: made % 2 === 0 ? 'easy' : 'hard' })
    await server.fetch('/api/generate-challenge', { method: 'POST', headers, body })
  }
}

browserTest('the history is shown page by page, and filtered by difficulty', async () => {
  await using server = await startDevelopment()
  await generateSome(server, 'user_1', 24)
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
  expect(new Set(titles).size).toBe(24)

  await page.locator('#filter-difficulty').selectOption('Hard')
  await page.waitForFunction(() => document.querySelectorAll('#history li').length === 10)
  await more.click()
  await items.nth(11).waitFor()
  expect(await items.locator('.difficulty').allInnerTexts()).toEqual(Array(12).fill('hard'))
  expect(await more.isVisible()).toBe(false)
  await page.locator('#filter-difficulty').selectOption('Medium')
  await page.getByText('No challenges like this.').waitFor()
})
