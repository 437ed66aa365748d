import { diskFolder } from '../tests/support/folder.ts'
import { goodChallenge } from '../tests/support/model.ts'
import { writeManyOldSqlite } from '../tests/support/version-1-rows.ts'
import type { Side } from './comparison.ts'
import { change, openNew } from './data.ts'
import { addQuestions, topic, writeQuestion } from './questions.ts'
import { findToken } from './requests.ts'
import type { Plan } from './rows.ts'
import { type BenchServer, startServer } from './servers.ts'
import { type Fact, showRange } from './tables.ts'

/** So many that the processor time, which Linux counts in steps of 10 ms, is exact to a twentieth of a millisecond. */
const generations = 200
/** More than the server compares with a new question. */
const recent = 1500
const warmUp = 1

/** Generates questions one after another. Returns the server's processor time for each, in milliseconds. */
async function generate(server: BenchServer, body: object): Promise<number> {
  const headers = { authorization: `Bearer ${await findToken('user_0')}`, 'content-type': 'application/json' }
  const before = server.cpuMs()
  for (let n = 0; n < generations; n++) {
    const request = { method: 'POST', headers, body: JSON.stringify(body) }
    const response = await fetch(`${server.url}/api/generate-challenge`, request)
    const { source, detail } = (await response.json()) as { source?: string; detail?: string }
    if (source !== 'ai') throw new Error(`A generation failed: ${response.status}, ${detail}.`)
  }
  return (server.cpuMs() - before) / generations
}

/** Measures the server's processor time for a generation by a model that answers at once. */
export async function measureGenerations(plan: Plan): Promise<Fact[]> {
  if (!plan.wants('generation')) return []
  return [
    await measureOne(plan, { questions: 0, review: 'off' }),
    await measureOne(plan, { questions: 0, review: 'on' }),
    await measureOne(plan, { questions: recent, review: 'off' }),
  ]
}

async function measureOne(
  { model, rounds }: Plan,
  { questions, review }: { questions: number; review: string },
) {
  using folder = diskFolder()
  const path = `${folder.path}/generation.db`
  const file = openNew(path)
  file.transaction(() => addQuestions(file, questions))()
  file.close()
  let written = questions
  model.author = () => writeQuestion(++written)
  await using server = await startServer({
    log: `${folder.path}/server.log`,
    database: `file:${path}`,
    modelUrl: model.url,
    env: { REVIEW: review },
  })
  const times: number[] = []
  for (let round = -warmUp; round < rounds; round++) {
    change(path, (running) => {
      running.run('DELETE FROM assignments')
      running.query('DELETE FROM questions WHERE id > ?').run(questions)
    })
    const calls = model.calls('challenge')
    const time = await generate(server, { difficulty: 'easy', topic })
    const rejected = model.calls('challenge') - calls - generations
    if (rejected > 0) throw new Error(`The server rejected ${rejected} questions of the benchmark.`)
    if (round >= 0) times.push(time)
  }
  model.author = goodChallenge
  const stored = `${questions} questions of its topic stored at first`
  const checked = review === 'on' ? 'reviewed' : 'not reviewed, no code run'
  return {
    what: `Generation, ${stored}, ${checked}: processor time`,
    measured: `${showRange(times, 2)} ms`,
    target: review === 'on' ? '' : '≤ 1 ms',
  }
}

/** Compares generations by two checkouts, with a new database and with one that version 1.0.0 wrote. */
export async function compareGenerations(plan: Plan, commands: Record<Side, string[]>): Promise<Fact[]> {
  if (!plan.wants('generation')) return []
  return [await compareOne(plan, commands, 0), await compareOne(plan, commands, 3000)]
}

async function compareOne({ model, rounds }: Plan, commands: Record<Side, string[]>, rows: number) {
  using folder = diskFolder()
  const begin = (side: Side) => {
    const path = `${folder.path}/${side}.db`
    if (rows > 0) writeManyOldSqlite(path, rows)
    const log = `${folder.path}/${side}.log`
    return startServer({ log, database: `file:${path}`, modelUrl: model.url, command: commands[side] })
  }
  await using first = await begin('first')
  await using second = await begin('second')
  const times = { first: [] as number[], second: [] as number[] }
  for (let round = -warmUp; round < rounds; round++) {
    for (const [side, server] of Object.entries({ first, second })) {
      const time = await generate(server, { difficulty: 'easy' })
      if (round >= 0) times[side as Side].push(time)
    }
  }
  return {
    what: `Generation, ${rows === 0 ? 'new database' : `${rows} challenges of version 1.0.0`}: processor time`,
    measured: `${showRange(times.first, 2)} ms`,
    target: `${showRange(times.second, 2)} ms (the other checkout)`,
  }
}
