import { expect, setDefaultTimeout } from 'bun:test'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { browserTest, startDevelopment, useBrowser } from '../support/browser.ts'
import { addChallenges } from '../support/database.ts'
import { createProject } from '../support/front-end.ts'
import { goodChallenge, type Model, startPausedModel } from '../support/model.ts'

setDefaultTimeout(60_000)

const open = useBrowser()

/** Serves the page of React at an origin of its own, in front of a server with this model. */
async function startFrontEnd(model: Model) {
  let script = ''
  const site = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    routes: {
      '/': new Response(
        '<!doctype html><title>x</title><body><script type="module" src="/page.js"></script>',
        {
          headers: { 'content-type': 'text/html' },
        },
      ),
      '/page.js': () => new Response(script, { headers: { 'content-type': 'text/javascript' } }),
      '/favicon.ico': new Response(null),
    },
  })
  const url = site.url.origin
  const server = await startDevelopment({ model, env: { ALLOWED_ORIGINS: url, QUOTA_INITIAL: '3' } })
  script = await bundle(server.url)
  return {
    ...server,
    site: { url },
    async [Symbol.asyncDispose]() {
      await site.stop(true)
      await server[Symbol.asyncDispose]()
    },
  }
}

async function bundle(api: string): Promise<string> {
  const source = await Bun.file(join(import.meta.dir, '../../docs/front-end.tsx')).text()
  const packages = ['@elysiajs/eden', 'react', 'react-dom', 'react-markdown']
  using project = await createProject({ 'page.tsx': source.replace('http://localhost:8000', api) }, packages)
  const { outputs } = await Bun.build({
    entrypoints: [join(project.path, 'page.tsx')],
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  return (await outputs[0]?.text()) ?? ''
}

type PausedModel = ReturnType<typeof startPausedModel>

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const notice = (page: Page, text: string) => page.getByRole('alert').getByText(text).waitFor()

browserTest('the page of React does everything that the guide describes, from another origin', async () => {
  await using model = startPausedModel()
  await using server = await startFrontEnd(model)
  const old = Array.from({ length: 100 }, (_, n) => ({ id: 1000 + n, createdBy: 'user_dev' }))
  addChallenges(server, old)
  const options = { losesConnections: true, expectedStatuses: [409, 429], api: server }
  await using page = await open(server.site, options)
  await page.goto(server.site.url)
  await page.getByText('Credits left: 3. Right answers: 0 of 0.').waitFor()

  await cancelAndAnswer(page, model)
  model.author = () => ({ ...goodChallenge(), code: 'print("<b>")' })
  await page.getByLabel('Topic').selectOption('Python')
  await press(page, 'hard')
  await page.locator('pre code', { hasText: 'print("<b>")' }).waitFor()
  const [latest] = await page.getByRole('button', { name: /^python \d+$/ }).allInnerTexts()
  const challengeId = Number(latest?.replace('python ', ''))
  await answerElsewhere(server, challengeId)
  await page.locator('main > button:enabled', { hasText: /^\d+$/ }).last().click()
  await notice(page, 'the first answer counts')
  await page.getByText(/^(Right\.|Wrong: the answer is \d+)$/).waitFor()

  await press(page, 'Older')
  await page.getByRole('button', { name: 'old 1000' }).waitFor()
  await press(page, 'old 1000')
  await page.getByText('Question 1000?').waitFor()
  await press(page, 'medium')
  await page.getByText('Credits left: 0.').waitFor()
  await press(page, 'medium')
  await notice(page, 'New credits come at')
})

/** Answers with the first option, as another page of the user. */
async function answerElsewhere(server: Awaited<ReturnType<typeof startFrontEnd>>, id: number) {
  const json = { method: 'POST', headers: { 'content-type': 'application/json' } }
  const signIn = { ...json, body: '{"user_id":"user_dev"}' }
  const { token } = (await (await server.fetch('/playground/token', signIn)).json()) as { token: string }
  const headers = { ...json.headers, authorization: `Bearer ${token}` }
  const answer = { ...json, headers, body: '{"answer_id":0}' }
  expect((await server.fetch(`/api/challenges/${id}/answer`, answer)).status).toBe(200)
}

/** Cancels a generation, asks for it again, and answers it with the key. */
async function cancelAndAnswer(page: Page, model: PausedModel) {
  await press(page, 'easy')
  await press(page, 'Cancel')
  await notice(page, 'The same request again gets the same challenge.')
  model.resume()
  await press(page, 'easy')
  await page.getByText('Credits left: 2.').waitFor()
  const [, n] = /What is (\d+) plus/.exec((await page.getByText('What is').textContent()) ?? '') ?? []
  await press(page, String(2 * Number(n)))
  await page.getByText('Right.', { exact: true }).waitFor()
  await page.getByText(`Adding ${n} to itself gives ${2 * Number(n)}.`).waitFor()
  await page.getByText('Credits left: 2. Right answers: 1 of 1.').waitFor()
}
