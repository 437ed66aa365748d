import { expect, setDefaultTimeout } from 'bun:test'
import { browserTest, generate, signIn, startDevelopment, textOf, useBrowser } from '../support/browser.ts'
import { startPausedModel } from '../support/model.ts'

setDefaultTimeout(60_000)

const open = useBrowser()

browserTest('after a reload during a generation, the page gets the challenge for one credit', async () => {
  await using model = startPausedModel()
  await using server = await startDevelopment({ model })
  await using page = await open(server)
  await signIn(page, server)
  await page.getByRole('button', { name: 'Generate' }).click()
  await page.getByRole('heading', { name: 'Generating: easy' }).waitFor()

  await page.reload()
  await page.getByRole('heading', { name: 'Generating: easy' }).waitFor()
  model.resume()

  await page.getByRole('button', { name: 'Check the answer' }).waitFor()
  await page.getByText('49 of 50 credits left').waitFor()
  await page.locator('#history li').first().waitFor()
  expect(await page.locator('#history li').count()).toBe(1)
})

browserTest('a cancelled generation costs no second credit when it is asked for again', async () => {
  await using model = startPausedModel()
  await using server = await startDevelopment({ model })
  await using page = await open(server, { losesConnections: true })
  await signIn(page, server)
  await page.getByRole('button', { name: 'Generate' }).click()

  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.locator('#stage').getByText('Cancelled.').waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
  await page.reload()
  await page.getByText('credits left').waitFor()
  expect(await page.locator('#stage').isVisible()).toBe(false)
  model.resume()
  await generate(page)

  await page.getByText('49 of 50 credits left').waitFor()
  expect(await page.locator('#history li').count()).toBe(1)
})

browserTest(
  'without a network the page says so, keeps the chosen option, and continues afterwards',
  async () => {
    await using server = await startDevelopment()
    await using page = await open(server, { losesConnections: true })
    await signIn(page, server)
    await generate(page)
    const offline = 'This device is offline. Try again when it is online.'
    await page.context().setOffline(true)
    await page.locator('#stage').getByRole('radio').nth(1).check()
    await page.getByRole('button', { name: 'Check the answer' }).click()
    await page.locator('#stage').getByRole('alert').getByText(offline).waitFor()
    expect(await page.locator('#stage').getByRole('radio').nth(1).isChecked()).toBe(true)
    await page.locator('#request summary').first().click()
    expect(await textOf(page.locator('#request-shown .row').first())).toMatch(/\/answer\s+not answered$/)
    await page.getByRole('button', { name: 'Generate' }).click()
    await page.locator('#stage').getByRole('alert').getByText(offline).waitFor()

    await page.context().setOffline(false)
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('button', { name: 'Check the answer' }).waitFor()
    await page.getByText('48 of 50 credits left').waitFor()
  },
)

browserTest('an answer that was lost is sent again, and counts once', async () => {
  await using server = await startDevelopment()
  await using page = await open(server, { expectedStatuses: [502] })
  await signIn(page, server)
  await generate(page)
  let tries = 0
  await page.route('**/answer', async (route) => {
    const response = await route.fetch()
    await (++tries === 1 ? route.fulfill({ status: 502, body: 'lost' }) : route.fulfill({ response }))
  })
  await page.keyboard.press('1')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText('The server answered 502.').waitFor()

  await page.getByRole('button', { name: 'Check the answer' }).click()

  await page.getByRole('heading', { name: /^(Right|Not quite)$/ }).waitFor()
  await page
    .locator('#progress')
    .getByText(/^[01] of 1 right$/)
    .waitFor()
})

browserTest('an answer in another window counts if it was the first', async () => {
  await using server = await startDevelopment({ env: { REVEAL: 'after_answer' } })
  await using page = await open(server, { expectedStatuses: [409] })
  await using other = await open(server)
  await signIn(page, server)
  await generate(page)
  await signIn(other, server)
  await other.getByRole('button', { name: 'Check the answer' }).waitFor()
  await other.keyboard.press('1')
  await other.keyboard.press('Enter')
  await other.getByRole('heading', { name: /^(Right|Not quite)$/ }).waitFor()

  await page.keyboard.press('2')
  await page.keyboard.press('Enter')

  await page.locator('#stage').getByText('the first answer counts').waitFor()
  expect(await page.locator('#stage').getByRole('radio').first().isChecked()).toBe(true)
  expect(await page.locator('#stage .result').getAttribute('class')).toBe(
    await other.locator('#stage .result').getAttribute('class'),
  )
})
