import { afterAll, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'
import { type Server, startServer } from './server.ts'

/** The headless shell comes first: it is Chromium without the windows, and takes half of the processor time. */
const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome']

const executablePath =
  process.env.CHROMIUM_PATH || names.map((name) => `/usr/bin/${name}`).find((path) => existsSync(path))

/** A test that needs Chromium. Without Chromium the test is skipped, as its title then says, except in CI, where it fails. */
export function browserTest(promise: string, check: () => Promise<void>) {
  const skipped = executablePath === undefined && process.env.CI !== 'true'
  const name = skipped ? `${promise} (skipped: no Chromium found; CHROMIUM_PATH may name one)` : promise
  test.skipIf(skipped)(name, check, 120_000)
}

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

let launched: Promise<Browser> | undefined

/** The browser of all files of this process: to start one takes longer than most tests. Playwright ends it at the exit. */
function launch(): Promise<Browser> {
  if (!executablePath) throw new Error('There is no Chromium; CHROMIUM_PATH may name one.')
  launched ??= chromium.launch({ executablePath, args: flags, chromiumSandbox: false })
  return launched
}

/** Opens pages in a profile that the tests of a file share. */
export function useBrowser() {
  let context: Promise<BrowserContext> | undefined
  afterAll(async () => (await context?.catch(() => undefined))?.close())

  async function createContext() {
    const created = await (await launch()).newContext()
    await created.grantPermissions(['clipboard-read', 'clipboard-write'])
    created.setDefaultTimeout(30_000)
    return created
  }

  return async function open(server: Pick<Server, 'url'>, options: PageOptions = {}) {
    context ??= createContext()
    return watched(await (await context).newPage(), server, options)
  }
}

type PageOptions = {
  width?: number
  expectedStatuses?: number[]
  /** Whether the test interrupts connections. */
  losesConnections?: boolean
  /** Another server that the page may call. */
  api?: Pick<Server, 'url'>
}

/**
 * Expects at the end of the block that the page has sent no request to another server, and has logged no error except for
 * the expected statuses and lost connections.
 */
async function watched(
  page: Page,
  server: Pick<Server, 'url'>,
  { width = 1280, expectedStatuses = [], losesConnections = false, api = server }: PageOptions,
) {
  const complaints: string[] = []
  const elsewhere: string[] = []
  await page.setViewportSize({ width, height: 720 })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('console', (message) => {
    const isExpected =
      expectedStatuses.some((status) => message.text().includes(`status of ${status}`)) ||
      (losesConnections && message.text().includes('net::ERR_'))
    if (['error', 'warning'].includes(message.type()) && !isExpected) complaints.push(message.text())
  })
  page.on('request', (request) => {
    const { origin } = new URL(request.url())
    if (!request.url().startsWith('data:') && ![server.url, api.url].includes(origin))
      elsewhere.push(request.url())
  })
  return Object.assign(page, {
    async [Symbol.asyncDispose]() {
      await page.close()
      expect({ complaints, elsewhere }).toEqual({ complaints: [], elsewhere: [] })
    },
  })
}

/** A server without a Clerk key, where users can be made up. */
export function startDevelopment({ env, ...options }: Parameters<typeof startServer>[0] = {}) {
  return startServer({ ...options, env: { JWT_KEY: '', ...env } })
}

export async function signIn(page: Page, server: Pick<Server, 'url'>, userId = 'user_1') {
  await page.goto(server.url)
  await page.getByLabel('User id').fill(userId)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('credits left').waitFor()
}

/** Generates a challenge, and waits until it is shown. */
export async function generate(page: Page, difficulty = 'Easy') {
  await page.getByRole('radio', { name: difficulty, exact: true }).check()
  await page.getByRole('button', { name: 'Generate' }).click()
  await page.getByRole('button', { name: 'Check the answer' }).waitFor()
}

/** The visible text of an element, once the element exists. */
export async function textOf(locator: Locator): Promise<string> {
  await locator.waitFor()
  return (await locator.allInnerTexts()).join('\n')
}

/** The text or the accessible name of the focused element. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement
    const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined
    return (element?.getAttribute('aria-label') ?? label ?? element?.textContent ?? '').trim()
  })
}
