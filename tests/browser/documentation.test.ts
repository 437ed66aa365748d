import { expect } from 'bun:test'
import { problemCodes } from '../../src/problem.ts'
import { browserTest, textOf, useBrowser } from '../support/browser.ts'
import { documentOf, operationsOf } from '../support/openapi-document.ts'
import { startServer } from '../support/server.ts'

const open = useBrowser()

browserTest('every route is there, with its statuses, and the contents lead to it', async () => {
  await using server = await startServer()
  await using page = await open(server)
  await page.goto(`${server.url}/openapi`)

  for (const { name, operation } of operationsOf(await documentOf())) {
    const [method = '', path = ''] = name.split(' ')
    await page
      .getByRole('navigation')
      .getByRole('link', { name: operation.summary ?? '' })
      .click()
    const section = page.locator(':target')
    expect(await textOf(section.getByRole('heading', { level: 3 }))).toBe(operation.summary ?? '')
    expect(await textOf(section.locator('.route'))).toMatch(
      new RegExp(`^${method.toUpperCase()}\\s+${path}\\s`),
    )
    expect(await section.locator('dt').allInnerTexts()).toEqual(Object.keys(operation.responses ?? {}))
    expect(await section.evaluate((one) => one.getBoundingClientRect().top < innerHeight)).toBe(true)
  }
})

browserTest('the address of a problem leads to its code: when it happens, and what to do', async () => {
  await using server = await startServer()
  await using page = await open(server)

  for (const code of problemCodes) {
    await page.goto('about:blank')
    await page.goto(`${server.url}/openapi#${code}`)
    const row = page.locator(':target')
    expect(await row.getByRole('rowheader').locator('code').allInnerTexts()).toEqual([code])
    const [status = '', when = '', remedy = ''] = await row.getByRole('cell').allInnerTexts()
    expect(status).toMatch(/^[45]\d\d$/)
    expect(when).toMatch(/^[A-Z].*\.$/s)
    expect(remedy).toMatch(/^[A-Z].*\.$/s)
    expect(await row.evaluate((one) => one.getBoundingClientRect().top)).toBeWithin(0, 720)
  }
})

browserTest('a command names this server, and is copied by its button', async () => {
  await using server = await startServer()
  await using page = await open(server)
  await page.goto(`${server.url}/openapi`)

  await page.getByRole('button', { name: 'Copy: Example: Generate a challenge' }).click()

  await page
    .getByRole('button', { name: 'Copy: Example: Generate a challenge' })
    .filter({ hasText: 'Copied' })
    .waitFor()
  const lines = [
    `curl -X POST ${server.url}/api/generate-challenge`,
    '-H "Authorization: Bearer $TOKEN"',
    "-H 'Content-Type: application/json'",
    "-H 'idempotency-key: 0f8c2b9e-52a1-4d63'",
    `-d '{"difficulty":"easy"}'`,
  ]
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(lines.join(' \\\n  '))
})

browserTest('in a window of 320 pixels nothing sticks out', async () => {
  await using server = await startServer()
  await using page = await open(server, { width: 320 })
  await page.goto(`${server.url}/openapi`)
  for (const summary of await page.getByText('Example', { exact: true }).all()) await summary.click()

  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
})
