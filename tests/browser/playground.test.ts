import { expect, setDefaultTimeout } from 'bun:test'
import {
  browserTest,
  focused,
  generate,
  signIn,
  startDevelopment,
  textOf,
  useBrowser,
} from '../support/browser.ts'
import { sessionToken } from '../support/clerk.ts'
import { goodChallenge, startModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

const open = useBrowser()

browserTest('a new user signs in, gets a challenge, answers it and sees the explanation', async () => {
  await using model = startModel()
  await using server = await startDevelopment({ model })
  model.author = () => ({
    question: 'What does `typeof null` give?',
    code: 'console.log(typeof null)',
    explanation: 'It gives `object`, a **mistake** of old.\n\nIt was never mended.',
    answer: 'object',
    distractors: [
      { text: 'null', misconception: '`null` is the value, not its type.' },
      { text: 'undefined', misconception: 'Only `undefined` has this type.' },
      'number',
    ],
  })
  await using page = await open(server)
  await signIn(page, server, 'user_new')
  expect(await textOf(page.getByLabel('Quota'))).toMatch(
    /^50 of 50 credits left · new ones (tomorrow )?at \d\d:\d\d( [AP]M)?$/,
  )
  expect(await textOf(page.locator('#history'))).toBe('No challenges yet: generate one.')

  await generate(page, 'Medium')
  const stage = page.getByRole('region', { name: 'Challenge' })
  expect(await textOf(stage.locator('.question > p'))).toBe('What does typeof null give?')
  expect(await textOf(stage.locator('.question pre code'))).toBe('console.log(typeof null)')
  expect(await stage.getByText('Right answer').count()).toBe(0)
  await stage.getByRole('radio', { name: 'undefined' }).check()
  await stage.getByRole('button', { name: 'Check the answer' }).click()

  const result = stage.locator('.result')
  await stage.getByRole('heading', { name: 'Not quite' }).waitFor()
  expect(await result.locator('p').allInnerTexts()).toEqual([
    'It gives object, a mistake of old.',
    'It was never mended.',
    'Only undefined has this type.',
    'null is the value, not its type.',
  ])
  expect(await result.locator('dt').allInnerTexts()).toEqual(['undefined – your answer', 'null'])
  expect(await textOf(result.locator('strong'))).toBe('mistake')
  expect(await textOf(stage.locator('label', { hasText: 'Right answer' }))).toMatch(/^object/)
  expect(await textOf(stage.locator('label', { hasText: 'Your answer' }))).toMatch(/^undefined/)
  expect(await textOf(page.getByLabel('Quota'))).toStartWith('49 of 50')
  await page.getByRole('listitem').filter({ hasText: 'by the model' }).waitFor()
})

browserTest('a right answer is called right', async () => {
  await using model = startModel()
  await using server = await startDevelopment({ model })
  const { answer, ...question } = goodChallenge()
  model.author = () => ({ ...question, answer })
  await using page = await open(server)
  await signIn(page, server)
  await generate(page)

  await page.getByRole('radio', { name: answer, exact: true }).check()
  await page.getByRole('button', { name: 'Check the answer' }).click()

  await page.getByRole('heading', { name: 'Right' }).waitFor()
  expect(await textOf(page.locator('.option.right'))).toMatch(new RegExp(`^${answer}\\s+✓ Your answer$`))
  expect(await page.locator('.option.wrong').count()).toBe(0)
})

browserTest('with a Clerk key, a user signs in with a pasted session token', async () => {
  await using server = await startServer()
  await using page = await open(server)
  await page.goto(server.url)
  await page.getByLabel('Session token').fill(` ${await sessionToken('user_of_clerk')}\n`)
  await page.getByRole('button', { name: 'Sign in' }).click()

  await page.getByText('50 of 50 credits left').waitFor()
  expect(await textOf(page.locator('#user'))).toBe('user_of_clerk')
  await generate(page)
  await page.locator('#request summary').first().click()
  expect(await textOf(page.getByRole('group', { name: 'The command that sets TOKEN' }))).toContain(
    'getToken()',
  )
})

browserTest('signing out removes the session and the shown challenge', async () => {
  await using server = await startDevelopment()
  await using page = await open(server)
  await signIn(page, server, 'user_1')
  await generate(page)

  await page.getByRole('button', { name: 'Sign out' }).click()

  expect(await focused(page)).toBe('Sign in')
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0)
  await page.getByLabel('User id').fill('user_2')
  await page.keyboard.press('Enter')
  await page.getByText('50 of 50 credits left').waitFor()
  await page.getByText('No challenges yet: generate one.').waitFor()
  expect(await page.locator('#stage').isVisible()).toBe(false)
  expect(await page.locator('#request').isVisible()).toBe(false)
})

browserTest('a refused session leads back to the sign-in, with the reason', async () => {
  await using server = await startDevelopment()
  await using page = await open(server, { expectedStatuses: [401] })
  await signIn(page, server)
  await page.evaluate(() => {
    const session = JSON.parse(sessionStorage.getItem('playground.session') ?? '{}')
    sessionStorage.setItem('playground.session', JSON.stringify({ ...session, token: 'not.a.token' }))
  })

  await page.reload()

  expect(await textOf(page.getByRole('alert'))).toMatch(/^The session token is not valid; sign in again\./)
  expect(await page.getByLabel('User id').isVisible()).toBe(true)
  expect(await page.getByRole('button', { name: 'Generate' }).isVisible()).toBe(false)
})
