import { expect, setDefaultTimeout } from 'bun:test'
import { browserTest, generate, signIn, startDevelopment, textOf, useBrowser } from '../support/browser.ts'
import { insertChallenges } from '../support/database.ts'
import { startModel } from '../support/model.ts'

setDefaultTimeout(60_000)

const open = useBrowser()

const attack = '<img src=x onerror="alert(1)"><script>alert(2)</script>'

browserTest('HTML in a challenge is shown as text, and is not executed', async () => {
  await using model = startModel()
  await using server = await startDevelopment({ model })
  const code = `</code></pre>${attack}\n\`\`\`\n${attack}`
  model.author = () => ({
    question: `What does \`${attack}\` do?`,
    code,
    explanation: `Because \`${attack}\` is text.\n\n\`\`\`html\n${attack}\n\`\`\``,
    answer: `${attack} right`,
    distractors: [`${attack} 1`, 'javascript:alert(3)', '[a](javascript:alert(4))'],
  })
  await using page = await open(server)
  await signIn(page, server)
  await generate(page)
  const stage = page.locator('#stage')

  expect(await textOf(stage.locator('.question p'))).toBe(`What does ${attack} do?`)
  expect(await textOf(stage.locator('.question pre'))).toBe(code)
  const options = await stage.locator('.option-text').allInnerTexts()
  expect(options.toSorted()).toEqual(
    [`${attack} 1`, `${attack} right`, '[a](javascript:alert(4))', 'javascript:alert(3)'].toSorted(),
  )
  await stage.getByRole('radio').first().check()
  await page.getByRole('button', { name: 'Check the answer' }).click()
  expect(await textOf(stage.locator('.result pre'))).toBe(attack)
  expect(await stage.locator('.result pre span').count()).toBeGreaterThan(0)
  await page.locator('#history summary').click()
  await page.locator('#history details[open] .options').waitFor()
  expect(await page.locator('main :is(img, script, iframe, a[href^="javascript:"])').count()).toBe(0)
})

browserTest('HTML in an imported challenge is shown as text, and is not executed', async () => {
  await using server = await startDevelopment()
  await using page = await open(server)
  using database = server.database()
  const title = `${attack}\n\n**bold** *italic* [a](javascript:alert(5)) <b onclick=alert(6)>b</b> \`\`\` \`open`
  const options = JSON.stringify([attack, 'b', 'c', 'd'])
  const explanation = `${attack}\n\`\`\`\nnever closed ${attack}`
  insertChallenges(database, [{ title, options, explanation }])
  await signIn(page, server)

  await page.locator('#history summary').click()

  const details = page.locator('#history details')
  expect(await textOf(details.locator('.title'))).toBe(attack)
  const rest = 'bold italic [a](javascript:alert(5)) <b onclick=alert(6)>b</b> ``` `open'
  expect(await textOf(details.locator('.prose > p').first())).toBe(rest)
  await details.getByRole('button', { name: 'Answer it' }).click()
  const stage = page.locator('#stage')
  expect(await stage.locator('.question > p').allInnerTexts()).toEqual([attack, rest])
  await stage.getByRole('radio').first().check()
  await page.getByRole('button', { name: 'Check the answer' }).click()
  expect(await textOf(stage.locator('.result .prose > p'))).toBe(attack)
  expect(await textOf(stage.locator('.result pre'))).toBe(`never closed ${attack}`)
  expect(await page.locator('main :is(img, script, b, a)').count()).toBe(0)
})

browserTest('the content security policy of the page allows only scripts of the server', async () => {
  await using server = await startDevelopment()
  const { headers } = await server.fetch('/')
  expect(headers.get('content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  )
})
