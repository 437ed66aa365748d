import { expect, setDefaultTimeout, spyOn, test } from 'bun:test'
import { dirname, join } from 'node:path'
import { examplesIn } from '../support/documents.ts'
import { createProject, run } from '../support/front-end.ts'
import { startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

const root = join(import.meta.dir, '../..')
const address = 'http://localhost:8000'
const names = 'menu, challenge, verdict, another, progress, limits'
const guide = `${examplesIn('docs/front-ends.md', 'ts').join('\n')}\nexport { ${names} }`

/** A server as `bun start` starts it on a fresh clone, without keys. */
const startFresh = () => startServer({ env: { JWT_KEY: '', CLERK_WEBHOOK_SECRET: '' } })

/** Loses the answer to the first generation, after the server has sent it. */
function loseFirstAnswer() {
  const { fetch } = globalThis
  let lost = false
  return spyOn(globalThis, 'fetch').mockImplementation(
    Object.assign(
      async (...request: Parameters<typeof fetch>) => {
        const answer = await fetch(...request)
        if (lost || !String(request[0]).endsWith('/api/generate-challenge')) return answer
        lost = true
        throw new TypeError('The connection was lost.')
      },
      { preconnect: fetch.preconnect },
    ),
  )
}

test('the examples of the guide run as one program, which asks again for a lost answer', async () => {
  await using server = await startFresh()
  const files = { 'guide.ts': guide.replace(address, server.url) }
  using project = await createProject(files, ['@elysiajs/eden'])
  using log = spyOn(console, 'log').mockImplementation(() => undefined)
  using _ = loseFirstAnswer()

  const { menu, challenge, verdict, another, progress, limits } = await import(join(project.path, 'guide.ts'))

  expect(menu).toContainEqual({ value: 'python', label: 'Python' })
  expect(challenge).toMatchObject({ id: 1, difficulty: 'easy', topic: 'python', answer: null })
  expect(verdict.data).toMatchObject({ challenge_id: 1, answer_id: 1, answered_at: expect.any(String) })
  expect(another.error).toMatchObject({ status: 409, value: { code: 'already_answered', answer_id: 1 } })
  expect(progress.data).toMatchObject({ answered: 1, correct: verdict.data.correct ? 1 : 0 })
  expect([...limits].slice(1)).toEqual(['49', expect.stringMatching(/^86\d{3}$/)])
  expect(log.mock.calls.flat().join('\n')).toContain(`${verdict.data.correct ? 1 : 0} of 1 right`)
  using database = server.database()
  expect(database.query('SELECT count(*) n FROM challenges').get()).toEqual({ n: 1 })
})

const skipsCurl = !Bun.which('curl') && !process.env.CI

test.skipIf(skipsCurl)('curl gets the first challenge of the README from a fresh server', async () => {
  await using server = await startFresh()
  const [commands = ''] = examplesIn('README.md', 'sh').filter((code) => code.includes('curl'))
  const [documented = ''] = examplesIn('README.md', 'json')
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    DATABASE_URL: `file:${server.path}`,
  }

  const { stdout, stderr } = await run(
    ['bash', '-euc', commands.replace(address, server.url).replace('curl', 'curl -sS')],
    { cwd: root, env },
  )

  expect(stderr.replace(/^\$ .*\n/gm, '')).toBe('')
  const shape = (json: string) =>
    Object.entries(JSON.parse(json)).map(([name, value]) => [name, typeof value])
  expect(shape(stdout).toSorted()).toEqual(shape(documented).toSorted())
})

test('the headers of the guide are those of an answer', async () => {
  await using server = await startServer()
  const [headers = ''] = examplesIn('docs/front-ends.md', 'http')
  const answer = await server.quota('user_1')

  const form = (value: string | null | undefined) => value?.replace(/\d+/g, 'N')
  const documented = headers
    .trim()
    .split('\n')
    .map((line) => line.split(': '))
  expect(documented.length).toBe(2)
  for (const [name = '', value] of documented) expect(form(answer.headers.get(name))).toBe(form(value))
})
