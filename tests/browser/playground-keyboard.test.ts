import { expect, setDefaultTimeout } from 'bun:test'
import { browserTest, focused, generate, signIn, startDevelopment, useBrowser } from '../support/browser.ts'

setDefaultTimeout(60_000)

const open = useBrowser()

browserTest('all actions work with the keyboard, and the focus follows them', async () => {
  await using server = await startDevelopment()
  await using page = await open(server)
  await page.goto(server.url)
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }

  await press('Tab')
  expect(await focused(page)).toBe('Skip to the content')
  await press('Enter', 'Tab')
  expect(await focused(page)).toBe('User id')
  await press('Enter')
  await page.getByText('credits left').waitFor()
  expect(await focused(page)).toBe('Easy')
  await press('ArrowDown', 'Tab')
  expect(await focused(page)).toBe('Generate')
  await press('Enter')
  await page.getByRole('heading', { name: 'Challenge', exact: true }).waitFor()
  expect(await focused(page)).toBe('Challenge')
  while ((await page.locator('input[name=option]:focus').count()) === 0) await press('Tab')
  await press('Space', 'ArrowDown', 'ArrowDown', 'Enter')
  await page.getByRole('heading', { name: /^(Right|Not quite)$/ }).waitFor()
  expect(await focused(page)).toMatch(/^(Right|Not quite)$/)
  while (
    (await page.getByRole('button', { name: 'Next challenge' }).and(page.locator(':focus')).count()) === 0
  )
    await press('Tab')
  await press('Enter')
  await page.getByRole('button', { name: 'Check the answer' }).waitFor()
  expect(await focused(page)).toBe('Challenge')
  await page.locator('#history li').nth(1).waitFor()
  await page.locator('#history summary').nth(1).focus()
  await press('Enter')
  await page.locator('#history .verdict').first().waitFor()
})

browserTest('number keys choose an option, and Enter checks it and continues', async () => {
  await using server = await startDevelopment()
  await using page = await open(server)
  await signIn(page, server)
  await generate(page)
  const chosen = () => page.locator('input[name=option]:checked').inputValue()

  await page.keyboard.press('3')
  expect(await chosen()).toBe('2')
  await page.keyboard.press('1')
  expect(await chosen()).toBe('0')
  await page.keyboard.press('Control+2')
  await page.keyboard.press('5')
  expect(await chosen()).toBe('0')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: /^(Right|Not quite)$/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Check the answer' }).waitFor()
  await page.getByText('48 of 50 credits left').waitFor()
  expect(await page.locator('input[name=option]:checked').count()).toBe(0)

  await page.getByRole('button', { name: 'Report a problem' }).click()
  await page.getByLabel('Comment').fill('1')
  await page.keyboard.press('2')
  expect(await page.getByLabel('Comment').inputValue()).toBe('12')
  await page.keyboard.press('Escape')
  expect(await focused(page)).toBe('Report a problem')
  await page.locator('#filter-answer').focus()
  await page.keyboard.press('2')
  expect(await page.locator('input[name=option]:checked').count()).toBe(0)
})

browserTest('the focused element is outlined', async () => {
  await using server = await startDevelopment()
  await using page = await open(server)
  await signIn(page, server)
  await generate(page)

  const seen = new Set<string>()
  for (let stop = 0; stop < 25; stop++) {
    await page.keyboard.press('Tab')
    const outline = await page.evaluate(() => {
      const element = document.activeElement
      if (!element || element === document.body) return 'none of the page'
      const shown = [element, element.closest('label')].filter((one) => one !== null)
      return shown.some((one) => getComputedStyle(one).outlineStyle !== 'none') ? 'seen' : element.outerHTML
    })
    seen.add(outline)
  }
  expect([...seen].filter((outline) => outline !== 'none of the page')).toEqual(['seen'])
})

browserTest('the page fits a window of 320 pixels', async () => {
  await using server = await startDevelopment()
  await using page = await open(server, { width: 320 })
  await signIn(page, server, `user_${'long'.repeat(40)}`)
  await generate(page, 'Hard')
  await page.locator('#stage').getByRole('radio').first().check()
  await page.getByRole('button', { name: 'Check the answer' }).click()
  await page.locator('#history summary').first().click()

  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
})
