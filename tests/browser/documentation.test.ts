import { expect } from 'bun:test'
import type { Page } from 'playwright-core'
import { problemCodes } from '../../src/problem.ts'
import { seriousFaults } from '../support/axe.ts'
import { browserTest, focused, textOf, useBrowser } from '../support/browser.ts'
import { sessionToken } from '../support/clerk.ts'
import { documentOf, operationsOf } from '../support/openapi-document.ts'
import { type Server, startServer } from '../support/server.ts'

const open = useBrowser()

/** Opens the page, and returns when Swagger UI has drawn the document. */
async function openDocumentation(page: Page, server: Server, hash = '') {
  await page.goto('about:blank')
  await page.goto(`${server.url}/openapi${hash}`)
  await page.locator('.opblock').first().waitFor()
}

const operation = (page: Page, id: string) => page.locator(`.opblock[id$="-${id}"]`)

async function authorize(page: Page, token: string) {
  await page.getByRole('button', { name: 'Authorize', exact: true }).click()
  await page.getByLabel('auth-bearer-value').fill(token)
  await page.locator('.modal-ux').getByRole('button', { name: 'Authorize' }).click()
  await page.locator('.modal-ux .btn-done').click()
}

browserTest(
  'every route is listed by its method, path and summary, and opens with its statuses',
  async () => {
    await using server = await startServer()
    await using page = await open(server)
    await openDocumentation(page, server)

    for (const { name, operation: documented } of operationsOf(await documentOf())) {
      const [method = '', path = ''] = name.split(' ')
      const block = operation(page, documented.operationId ?? '')
      const summary = (await textOf(block.locator('.opblock-summary'))).replaceAll('\u200b', '')
      expect(summary.split(/\s*\n\s*/)).toEqual([method.toUpperCase(), path, documented.summary ?? ''])
      await block.locator('.opblock-summary-control').click()
      await block.locator('.response[data-code]').first().waitFor()
      const statuses = block.locator('.response[data-code]')
      expect(await statuses.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-code')))).toEqual(
        Object.keys(documented.responses ?? {}),
      )
      await block.locator('.opblock-summary-control').click()
    }
  },
)

browserTest('the address of a problem leads to its code: when it happens, and what to do', async () => {
  await using server = await startServer()
  await using page = await open(server)

  for (const [index, code] of problemCodes.entries()) {
    // Every fifth address is opened anew, the others from the page itself.
    if (index % 5 === 0) await openDocumentation(page, server, `#${code}`)
    else await page.goto(`${server.url}/openapi#${code}`)
    const row = page.locator(':target')
    expect(await row.getByRole('rowheader').locator('code').allInnerTexts()).toEqual([code])
    const [status = '', when = '', remedy = ''] = await row.getByRole('cell').allInnerTexts()
    expect(status).toMatch(/^[45]\d\d$/)
    expect(when).toMatch(/^[A-Z].*\.$/s)
    expect(remedy).toMatch(/^[A-Z].*\.$/s)
    await page.waitForFunction(() => {
      const { top, bottom } = document.querySelector(':target')?.getBoundingClientRect() ?? {
        top: -1,
        bottom: 0,
      }
      return top >= 0 && bottom <= innerHeight
    })
  }
})

browserTest('a request is tried out with a token, which is forgotten on reload', async () => {
  await using server = await startServer()
  await using page = await open(server, { expectedStatuses: [401] })
  await openDocumentation(page, server)
  await authorize(page, await sessionToken('user_1'))
  const block = operation(page, 'generateChallenge')
  await block.locator('.opblock-summary-control').click()
  await block.getByLabel('Request body').fill('{"difficulty":"hard"}')
  await block.getByRole('button', { name: 'Execute' }).click()

  expect(await textOf(block.locator('.live-responses-table .response .response-col_status'))).toStartWith(
    '200',
  )
  expect(await textOf(block.locator('.live-responses-table .highlight-code'))).toContain(
    '"difficulty": "hard"',
  )
  expect((await server.quota('user_1')).body.quota_remaining).toBe(49)

  await openDocumentation(page, server)
  await operation(page, 'getQuota').locator('.opblock-summary-control').click()
  await operation(page, 'getQuota').getByRole('button', { name: 'Execute' }).click()
  const status = operation(page, 'getQuota').locator('.live-responses-table .response .response-col_status')
  expect(await textOf(status)).toStartWith('401')
})

browserTest('an operation is opened and tried out with the keyboard alone', async () => {
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

  const status = operation(page, 'getHealth').locator('.live-responses-table .response .response-col_status')
  expect(await textOf(status)).toStartWith('200')
})

for (const [colorScheme, width] of [
  ['light', 1280],
  ['dark', 1280],
  ['light', 320],
] as const) {
  browserTest(
    `in ${colorScheme} colours and ${width} pixels no part of the page has a serious accessibility fault, or sticks out`,
    async () => {
      await using server = await startServer()
      await using page = await open(server, { width })
      const check = async (part: string) => {
        expect([part, await seriousFaults(page)]).toEqual([part, []])
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
      }
      await page.emulateMedia({ colorScheme })
      await openDocumentation(page, server)
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
      expect(background === 'rgb(28, 32, 34)').toBe(colorScheme === 'dark')
      await check('the list')

      await page.getByRole('button', { name: 'Authorize', exact: true }).click()
      await page.getByLabel('auth-bearer-value').waitFor()
      await check('the dialog')
      await page.getByRole('button', { name: 'Close' }).first().click()

      for (const id of ['generateChallenge', 'getHealth']) {
        await operation(page, id).locator('.opblock-summary-control').click()
        await operation(page, id).getByRole('button', { name: 'Execute' }).waitFor()
      }
      await operation(page, 'getHealth').getByRole('button', { name: 'Execute' }).click()
      await operation(page, 'getHealth').locator('.live-responses-table').waitFor()
      await check('examples and an answer')

      for (const at of [0, 1, 2]) await page.getByRole('tab', { name: 'Schema' }).nth(at).click()
      await check('schemas')
    },
  )
}
