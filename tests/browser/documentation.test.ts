import { expect, setDefaultTimeout } from 'bun:test'
import type { Locator, Page } from 'playwright-core'
import { problemCodes } from '../../src/problem.ts'
import { colourRules, findFaults, isSerious } from '../support/accessibility.ts'
import { browserTest, focused, textOf, useBrowser } from '../support/browser.ts'
import { sessionToken } from '../support/clerk.ts'
import { documentOf, operationsOf } from '../support/openapi-document.ts'
import { type Server, startServer } from '../support/server.ts'

setDefaultTimeout(60_000)
const open = useBrowser()
/** Opens the page, and waits until Swagger UI shows the document. */
async function openDocumentation(page: Page, server: Server, hash = '') {
  await page.goto('about:blank')
  await page.goto(`${server.url}/openapi${hash}`)
  await page.locator('.opblock').first().waitFor()
}

const operation = (page: Page, id: string) => page.locator(`.opblock[id$="-${id}"]`)
const toggle = (block: Locator) => block.locator('.opblock-summary-control').click()
const execute = (block: Locator) => block.getByRole('button', { name: 'Execute' }).click()
const answer = (block: Locator, part: string) => textOf(block.locator(`.live-responses-table ${part}`))
const status = (block: Locator) => answer(block, '.response .response-col_status')
const openDialog = (page: Page) => page.getByRole('button', { name: 'Authorize', exact: true }).click()

async function authorize(page: Page, token: string) {
  await openDialog(page)
  await page.getByLabel('auth-bearer-value').fill(token)
  await page.locator('.modal-ux').getByRole('button', { name: 'Authorize' }).click()
  await page.locator('.modal-ux .btn-done').click()
}

browserTest('each route is listed with method, path and summary, and opens to its statuses', async () => {
  await using server = await startServer()
  await using page = await open(server)
  await openDocumentation(page, server)

  for (const { name, operation: documented } of operationsOf(await documentOf())) {
    const [method = '', path = ''] = name.split(' ')
    const block = operation(page, documented.operationId ?? '')
    const summary = (await textOf(block.locator('.opblock-summary'))).replaceAll('\u200b', '')
    expect(summary.split(/\s*\n\s*/)).toEqual([method.toUpperCase(), path, documented.summary ?? ''])
    await toggle(block)
    const statuses = block.locator('.response[data-code]')
    await statuses.first().waitFor()
    expect(await statuses.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-code')))).toEqual(
      Object.keys(documented.responses ?? {}),
    )
    await toggle(block)
  }
})

browserTest('the address of a problem shows its code, its cause and its remedy', async () => {
  await using server = await startServer()
  await using page = await open(server)

  for (const [index, code] of problemCodes.entries()) {
    // Every tenth address loads the page, and the others only change its fragment.
    if (index % 10 === 0) await openDocumentation(page, server, `#${code}`)
    else await page.goto(`${server.url}/openapi#${code}`)
    const row = page.locator(':target')
    expect(await row.getByRole('rowheader').locator('code').allInnerTexts()).toEqual([code])
    const sentence = expect.stringMatching(/^[A-Z].*\.$/s)
    const cells = [expect.stringMatching(/^[45]\d\d$/), sentence, sentence]
    expect(await row.getByRole('cell').allInnerTexts()).toEqual(cells)
    await page.waitForFunction(() => {
      const shown = document.querySelector(':target')?.getBoundingClientRect()
      return shown && shown.top >= 0 && shown.bottom <= innerHeight
    })
  }
})

browserTest('a request is tried out with a token, and a reload forgets the token', async () => {
  await using server = await startServer()
  await using page = await open(server, { expectedStatuses: [401] })
  await openDocumentation(page, server)
  await authorize(page, await sessionToken('user_1'))
  const block = operation(page, 'generateChallenge')
  await toggle(block)
  await block.getByLabel('Request body').fill('{"difficulty":"hard"}')
  await execute(block)

  expect(await status(block)).toStartWith('200')
  expect(await answer(block, '.highlight-code')).toContain('"difficulty": "hard"')
  expect((await server.quota('user_1')).body.quota_remaining).toBe(49)

  await openDocumentation(page, server)
  await toggle(operation(page, 'getQuota'))
  await execute(operation(page, 'getQuota'))
  expect(await status(operation(page, 'getQuota'))).toStartWith('401')
})

browserTest('an operation is opened and tried out with the keyboard only', async () => {
  await using server = await startServer()
  await using page = await open(server)
  await openDocumentation(page, server)
  const reach = async (name: string) => {
    for (let stop = 0; (await focused(page)).replaceAll('\u200b', '') !== name; stop++) {
      expect(stop).toBeLessThan(40)
      await page.keyboard.press('Tab')
    }
    await page.keyboard.press('Enter')
  }

  await page.keyboard.press('Tab')
  expect(await focused(page)).toBe('Skip to the content')
  await page.keyboard.press('Enter')
  await reach('GET/healthWhether the process serves')
  await reach('Execute')
  expect(await status(operation(page, 'getHealth'))).toStartWith('200')
})

for (const [colorScheme, width, rules] of [
  ['light', 1280],
  ['dark', 1280, colourRules],
  ['light', 320],
] as const) {
  browserTest(
    `in ${colorScheme} colours at ${width} pixels the page has no serious accessibility fault, and fits its width`,
    async () => {
      await using server = await startServer()
      await using page = await open(server, { width })
      const check = async (part: string) => {
        expect([part, await findFaults(page, isSerious, rules)]).toEqual([part, []])
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
      }
      await page.emulateMedia({ colorScheme })
      await openDocumentation(page, server)
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
      expect(background === 'rgb(28, 32, 34)').toBe(colorScheme === 'dark')
      await check('the list')

      await openDialog(page)
      await page.getByLabel('auth-bearer-value').waitFor()
      await check('the dialog')
      await page.getByRole('button', { name: 'Close' }).first().click()

      for (const id of ['generateChallenge', 'getHealth']) {
        await toggle(operation(page, id))
        await operation(page, id).getByRole('button', { name: 'Execute' }).waitFor()
      }
      await execute(operation(page, 'getHealth'))
      await status(operation(page, 'getHealth'))
      await check('examples and an answer')

      for (const at of [0, 1, 2]) await page.getByRole('tab', { name: 'Schema' }).nth(at).click()
      await check('schemas')
    },
  )
}
