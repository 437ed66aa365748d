import { expect, setDefaultTimeout } from 'bun:test'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { browserTest, generate, signIn, startDevelopment, textOf, useBrowser } from '../support/browser.ts'
import type { Server } from '../support/server.ts'

setDefaultTimeout(60_000)

const open = useBrowser()

const root = join(import.meta.dir, '../..')

async function readCommand(page: Page, label: string): Promise<string> {
  return textOf(page.getByRole('group', { name: label, exact: true }))
}

async function openPanel(page: Page) {
  await page.locator('#request summary').first().click()
}

/** Runs the shown command in a shell whose environment is that of a user with a new terminal. */
async function readToken(command: string): Promise<string> {
  const env = { PATH: `${join(process.execPath, '..')}:${process.env.PATH}` }
  const ran = Bun.spawn(['sh', '-c', `${command}; printf %s "$TOKEN"`], { cwd: root, env, stderr: 'ignore' })
  return new Response(ran.stdout).text()
}

async function readUser(server: Server, token: string) {
  const response = await server.fetch('/api/quota', { headers: { authorization: `Bearer ${token}` } })
  return ((await response.json()) as { user_id?: string }).user_id
}

browserTest('the page shows the last request as a curl command, without its idempotency key', async () => {
  await using server = await startDevelopment()
  await using page = await open(server)
  await signIn(page, server)
  await generate(page, 'Hard')
  await openPanel(page)

  const panel = page.locator('#request-shown')
  expect(await textOf(panel)).toMatch(/^POST \/api\/generate-challenge\s+answered 200 in \d+ ms/)
  const command = await readCommand(page, 'The request as a curl command')
  expect(command).toBe(
    `curl -X POST ${server.url}/api/generate-challenge \\\n  -H "Authorization: Bearer $TOKEN" \\\n` +
      `  -H 'Content-Type: application/json' \\\n  -d '{"difficulty":"hard"}'`,
  )
  const ran = Bun.spawnSync(['sh', '-c', 'curl() { for word; do echo "<$word>"; done; }; eval "$COMMAND"'], {
    env: { COMMAND: command, TOKEN: 'a token' },
  })
  expect(ran.stdout.toString()).toContain('<Authorization: Bearer a token>\n')
  expect(ran.stdout.toString()).toEndWith('<{"difficulty":"hard"}>\n')
})

browserTest('the shown command prints a token that this server accepts', async () => {
  const env = { ALLOWED_ORIGINS: 'https://one.example,https://two.example' }
  await using server = await startDevelopment({ env })
  await using page = await open(server)
  await signIn(page, server, "user_'$(x)")
  await generate(page)
  await openPanel(page)

  const command = await readCommand(page, 'The command that sets TOKEN')

  expect(command).toBe(
    `TOKEN=$(DATABASE_URL=file:${server.path} ALLOWED_ORIGINS=https://one.example,https://two.example ` +
      "bun run token 'user_'\\''$(x)')",
  )
  expect(await readUser(server, await readToken(command))).toBe("user_'$(x)")
})

browserTest('a request that waits or fails replaces the request before it', async () => {
  await using server = await startDevelopment()
  await using page = await open(server, { losesConnections: true })
  await signIn(page, server)
  await generate(page)
  await openPanel(page)
  const gate = Promise.withResolvers<void>()
  await page.route('**/api/my-history?**', async (route) => {
    await gate.promise
    await route.abort('connectionfailed')
  })

  await page.locator('#filter-answer').selectOption('wrong')

  const line = page.locator('#request-shown .row').first()
  await page.locator('#request-shown').getByText('answer=wrong').first().waitFor()
  expect(await textOf(line)).toMatch(/waiting for the answer$/)
  gate.resolve()
  await line.getByText('not answered').waitFor()
  await page.getByRole('alert').getByText('The server cannot be reached.').waitFor()
})

browserTest('a button copies code, and lies beside it', async () => {
  await using server = await startDevelopment()
  await using page = await open(server, { width: 320 })
  await signIn(page, server)
  await generate(page)
  await openPanel(page)
  const name = 'The request as a curl command'
  const button = page.getByRole('button', { name: `Copy: ${name}` })
  const code = page.getByRole('group', { name, exact: true })

  const [above, below] = [await button.boundingBox(), await code.boundingBox()]
  expect((above?.y ?? 0) + (above?.height ?? 0)).toBeLessThanOrEqual(below?.y ?? 0)
  await button.click()

  await page.getByText('Copied').first().waitFor()
  expect(await code.textContent()).toBe(await page.evaluate(() => navigator.clipboard.readText()))
})
