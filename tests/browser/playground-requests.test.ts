import { expect, setDefaultTimeout } from 'bun:test'
import { browserTest, generate, signIn, startDevelopment, textOf, useBrowser } from '../support/browser.ts'
import { day } from '../support/clock.ts'
import { startModel } from '../support/model.ts'

setDefaultTimeout(60_000)

const open = useBrowser()

browserTest(
  'the page counts the seconds of a generation, and then shows a challenge of the bank',
  async () => {
    await using model = startModel()
    await using server = await startDevelopment({ model, env: { GENERATION_TIMEOUT_MS: '3000' } })
    model.author = () => Promise.withResolvers().promise
    await using page = await open(server)
    await signIn(page, server)

    await page.getByRole('button', { name: 'Generate' }).click()
    await page.getByRole('heading', { name: 'Generating: easy' }).waitFor()
    await page
      .locator('#stage')
      .getByText(/^[12] s$/)
      .waitFor()
    // A second click has no effect while a request is in flight.
    await page.getByRole('button', { name: 'Generate' }).click({ force: true })

    await page.getByRole('button', { name: 'Check the answer' }).waitFor()
    await page.locator('#stage').getByText('from the bank, free of charge').waitFor()
    await page.getByText('50 of 50 credits left').waitFor()
    expect(await page.locator('#history li').count()).toBe(1)
  },
)

browserTest('an error is shown with the server’s sentence, and links to its explanation', async () => {
  await using server = await startDevelopment({ env: { QUOTA_INITIAL: '2' } })
  await using page = await open(server, { expectedStatuses: [429] })
  await using elsewhere = await open(server)
  await signIn(page, server)
  await signIn(elsewhere, server)
  await generate(elsewhere)
  await generate(elsewhere)

  await page.getByRole('button', { name: 'Generate' }).click()

  const alert = page.getByRole('alert')
  expect(await textOf(alert)).toMatch(
    /^You have no credits left; new credits come in 24 hours\.\s+quota_exhausted$/,
  )
  await page.getByText('0 of 2 credits left').waitFor()
  await alert.getByRole('link', { name: 'quota_exhausted' }).click()
  await page.waitForURL('**/openapi#quota_exhausted')
  expect(await textOf(page.locator(':target'))).toContain('The user has no credits left.')
})

browserTest('without credits, Generate is disabled and the page says when new ones come', async () => {
  await using server = await startDevelopment({ env: { QUOTA_INITIAL: '1' } })
  await using page = await open(server)
  await signIn(page, server)
  await generate(page)
  await page.getByText('0 of 1 credits left').waitFor()
  const requests: string[] = []
  page.on('request', (request) => requests.push(request.url()))

  await page.getByRole('button', { name: 'Generate' }).click({ force: true })
  expect(requests).toEqual([])
  await page.locator('#stage').getByRole('radio').first().check()
  await page.getByRole('button', { name: 'Check the answer' }).click()
  await page.getByRole('heading', { name: /^(Right|Not quite)$/ }).waitFor()
  const shortage = /^No credits left\. New ones come (tomorrow )?at \d\d:\d\d( [AP]M)?\.$/
  expect(await textOf(page.locator('#generate-reason'))).toMatch(shortage)
  expect(await textOf(page.locator('#stage .actions p'))).toMatch(shortage)
  for (const name of ['Generate', 'Next challenge'])
    expect(await page.getByRole('button', { name }).getAttribute('aria-disabled')).toBe('true')
  await page.keyboard.press('Enter')
  expect(requests.filter((request) => request.includes('generate'))).toEqual([])
})

browserTest('a request that fails is repeated with the same key, and costs one credit', async () => {
  await using server = await startDevelopment()
  await using page = await open(server, { expectedStatuses: [502] })
  await signIn(page, server)
  const keys: (string | undefined)[] = []
  await page.route('**/api/generate-challenge', async (route) => {
    keys.push(route.request().headers()['idempotency-key'])
    // The first request reaches the server, and its answer is lost.
    const response = await route.fetch()
    await (keys.length === 1 ? route.fulfill({ status: 502, body: 'lost' }) : route.fulfill({ response }))
  })

  await page.getByRole('button', { name: 'Generate' }).click()
  expect(await textOf(page.getByRole('alert'))).toBe('The server answered 502.')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('button', { name: 'Check the answer' }).waitFor()

  expect(keys).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), keys[0]])
  await page.getByText('49 of 50 credits left').waitFor()
})

browserTest('the page loads the new quota when new credits are due', async () => {
  // The server's clock is almost a day behind, and later right.
  let behind = day - 3000
  await using server = await startDevelopment({ now: () => Date.now() - behind, env: { QUOTA_DAILY: '7' } })
  await using page = await open(server)
  await signIn(page, server)
  await page.getByText('50 of 50 credits left').waitFor()

  behind = 0

  await page.getByText('7 of 7 credits left').waitFor()
})
