import { expect, setDefaultTimeout } from 'bun:test'
import { topics } from '../../src/topics.ts'
import { browserTest, signIn, startDevelopment, textOf, useBrowser } from '../support/browser.ts'
import { addChallenges } from '../support/database.ts'

setDefaultTimeout(60_000)

const open = useBrowser()

/** Code of the languages in which `return "text" + 1` is no code. */
const samples: Record<string, string> = {
  bash: 'echo "text"  # 1',
  sql: "SELECT 'text', 1",
  http: 'GET /?a=<b>&c HTTP/1.1\nHost: example.com',
  html: '<p class="a">x &amp; y</p>',
  css: 'a > b { color: red }',
}

const languages = [...new Set(Object.values(topics).flatMap((topic) => topic.languages))]
const codes = languages.map((language) => samples[language] ?? 'return "<b>" + 1 && 2')

browserTest('code in the language of each topic is highlighted, and its text stays the same', async () => {
  await using server = await startDevelopment()
  await using page = await open(server)
  const titles = codes.map((code, index) => `Code?\n\n\`\`\`${languages[index]}\n${code}\n\`\`\``)
  addChallenges(server, [
    { title: `Code?\n\n\`\`\`brainfuck <i>\n+<b>+\n\`\`\``, date: 1 },
    ...titles.map((title, index) => ({ title, date: index + 2 })),
  ])
  await signIn(page, server)
  await page.getByRole('button', { name: 'Show older' }).click()
  const items = page.locator('#history li')
  await items.nth(languages.length).waitFor()

  const seen: [language: string, code: string | null, hasSpans: boolean][] = []
  for (const item of (await items.all()).toReversed()) {
    await item.locator('summary').click()
    const code = item.locator('pre code')
    // The page renders an item when it is opened, after the click has ended.
    await code.waitFor()
    const hasSpans = (await code.locator('span[class^=hljs-]').count()) > 0
    seen.push([await textOf(item.locator('.code-bar .small')), await code.textContent(), hasSpans])
  }

  expect(seen).toEqual([
    ['brainfuck <i>', '+<b>+', false],
    ...languages.map((language, index): (typeof seen)[number] => [language, codes[index] ?? '', true]),
  ])
})

browserTest(
  'code that is wider than a window of 320 pixels can be scrolled, and its edge shows that',
  async () => {
    await using server = await startDevelopment()
    await using page = await open(server, { width: 320 })
    const line = `print("${'long '.repeat(20)}")`
    addChallenges(server, [{ title: `Code?\n\n\`\`\`python\n${line}\n\`\`\`` }])
    await signIn(page, server)
    await page.locator('#history summary').click()

    const pre = page.locator('#history pre')
    await pre.focus()
    await page.keyboard.press('ArrowRight')

    await page.waitForFunction(() => (document.querySelector('#history pre')?.scrollLeft ?? 0) > 0)
    expect(await pre.evaluate((element) => getComputedStyle(element).backgroundAttachment)).toBe(
      'local, local, scroll, scroll',
    )
  },
)
