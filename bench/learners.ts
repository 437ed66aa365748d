/**
 * `bun bench/learners.ts [learners …]`: how the calls of the model grow with the number of learners. Learners ask a server
 * for challenges over HTTP, in random order, with a library and without. Each number of learners has a new database.
 * Prints a table in Markdown.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { difficulties } from '../src/question.ts'
import { sessionToken } from '../tests/support/clerk.ts'
import { diskFolder } from '../tests/support/folder.ts'
import { startModel } from '../tests/support/model.ts'
import { startServer } from './servers.ts'

const hour = 3600
/** What an ordinary learner asks for, and one in a hundred. Every difficulty has its turn. */
const [ordinary, diligent] = [20, 200]
const clients = 32
/** Without a library the calls are the challenges, which fewer learners show as well. */
const mostWithout = 1000

const counts = process.argv.slice(2).map(Number)
if (counts.length === 0) counts.push(10, 100, 1000, 10_000)

/** The names of the learners, once for each challenge that they ask for, in random order. */
function shuffleRequests(learners: number): string[] {
  const names = Array.from({ length: learners }, (_, n) =>
    Array<string>(n % 100 === 0 ? diligent : ordinary).fill(`learner_${n}`),
  ).flat()
  for (let last = names.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1))
    ;[names[last], names[other]] = [names[other] ?? '', names[last] ?? '']
  }
  return names
}

async function simulate(learners: number, librarySize: number): Promise<string> {
  using folder = diskFolder()
  const path = join(folder.path, 'learners.db')
  await using model = startModel()
  await using server = await startServer({
    log: join(folder.path, 'server.log'),
    database: `file:${path}`,
    modelUrl: model.url,
    env: { LIBRARY_SIZE: String(librarySize), POOL_SIZE: '3', LOG_LEVEL: 'error' },
  })
  const requests = shuffleRequests(learners)
  const tokens = new Map<string, Promise<string>>()
  const asked = new Map<string, number>()
  const seen = new Set<string>()

  async function ask(learner: string) {
    const token = tokens.get(learner) ?? sessionToken(learner, { seconds: 10 * hour })
    tokens.set(learner, token)
    const count = asked.get(learner) ?? 0
    asked.set(learner, count + 1)
    const response = await fetch(`${server.url}/api/generate-challenge`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ difficulty: difficulties[count % difficulties.length] }),
    })
    const { title, source } = (await response.json()) as { title: string; source: string }
    if (source !== 'ai') throw new Error(`A request got ${response.status}, and a question of ${source}.`)
    if (seen.size === seen.add(`${learner} ${title}`).size)
      throw new Error(`${learner} got "${title}" twice.`)
  }

  const begin = performance.now()
  const left = requests[Symbol.iterator]()
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (const learner of left) await ask(learner)
    }),
  )
  const seconds = (performance.now() - begin) / 1000
  // The filler may still write a question that the next learner would have got.
  const calls = model.calls('challenge')
  await rm(path, { force: true })
  return [
    learners.toLocaleString('en'),
    String(librarySize),
    requests.length.toLocaleString('en'),
    calls.toLocaleString('en'),
    (calls / learners).toFixed(2),
    (calls / requests.length).toFixed(3),
    (requests.length / seconds).toFixed(0),
  ].join(' | ')
}

process.stdout.write(
  '| Learners | LIBRARY_SIZE | Challenges | Calls | … a learner | … a challenge | Challenges a second |\n',
)
process.stdout.write(`|${' ---: |'.repeat(7)}\n`)
for (const learners of counts) {
  if (learners <= mostWithout) process.stdout.write(`| ${await simulate(learners, 0)} |\n`)
  process.stdout.write(`| ${await simulate(learners, 1000)} |\n`)
}
