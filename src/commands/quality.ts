import { randomInt } from 'node:crypto'
import { assembleGenerate } from '../authoring/assemble.ts'
import type { Breaker } from '../authoring/breaker.ts'
import { createBudget } from '../authoring/budget.ts'
import type { Generate } from '../authoring/generate.ts'
import { connectModelServer } from '../authoring/model/client.ts'
import { createProver } from '../authoring/prove.ts'
import type { Config } from '../config.ts'
import { createEventBus } from '../events.ts'
import { GenerationFailed } from '../failure.ts'
import { type Difficulty, difficulties, type Question } from '../question.ts'
import { defaultTimings } from '../timings.ts'
import { type Topic, topicIds } from '../topics.ts'
import { createCommand } from './command.ts'

type WithModel = Config & { model: NonNullable<Config['model']> }

type Tally = {
  accepted: Question[]
  failed: number
  rejects: Record<string, number>
  answers: number
  tokens: number
  seconds: number
}

/** `quality [n]` */
export const quality = createCommand({
  synopsis: 'bun run quality [n]',
  summary: 'Measures the configured model: rejects, repeats, place of the key, tokens.',
  details: 'Generates n challenges per difficulty (1 to 9999, 10 unless given) and stores none.',
  options: {},
  words: [0, 1],
  run: (config, [count = '10']) => printQuality(config, count),
})

/** @throws Error with one sentence when no model is configured, or `count` is no number. */
async function printQuality(config: Config, count: string) {
  const { model } = config
  if (!/^[1-9]\d{0,3}$/.test(count))
    throw new Error(`The number of challenges per difficulty must be 1 to 9999, not ${count}.`)
  if (!model) throw new Error('No model is configured: set OPENAI_API_KEY or OPENAI_BASE_URL.')
  const columns = await Promise.all(
    difficulties.map(async (difficulty) => [
      difficulty,
      reportOf(await measure({ ...config, model }, difficulty, Number(count))),
    ]),
  )
  const reports = Object.fromEntries(columns) as Record<Difficulty, Record<string, string>>
  const rows = [...new Set(Object.values(reports).flatMap((report) => Object.keys(report)))]
  const cell = (row: string, difficulty: Difficulty) => reports[difficulty][row] ?? '0'
  process.stdout.write(`${model.name}, review ${config.review ? 'on' : 'off'}\n\n`)
  process.stdout.write(
    table([['', ...difficulties], ...rows.map((row) => [row, ...difficulties.map((d) => cell(row, d))])]),
  )
}

async function measure(config: WithModel, difficulty: Difficulty, count: number): Promise<Tally> {
  const tally: Tally = { accepted: [], failed: 0, rejects: {}, answers: 0, tokens: 0, seconds: 0 }
  const generate = createGenerator(config, tally)
  const started = performance.now()
  for (let n = 0; n < count; n++) {
    try {
      const recent = tally.accepted.toReversed()
      const topic = topicIds[randomInt(topicIds.length)] as Topic
      const budget = createBudget(config.generationTimeoutMs)
      tally.accepted.push(await generate({ difficulty, topic, recent, budget }))
    } catch (error) {
      if (!(error instanceof GenerationFailed)) throw error
      tally.failed++
    }
  }
  tally.seconds = (performance.now() - started) / 1000
  return tally
}

function createGenerator({ model, review }: WithModel, tally: Tally): Generate {
  const events = createEventBus()
  const rejected = (reason: string) => {
    tally.rejects[reason] = (tally.rejects[reason] ?? 0) + 1
  }
  events.on('challenge.rejected', ({ data }) => rejected(data.reason))
  events.on('model.failed', ({ data }) => rejected(data.fault))
  events.on('model.answered', ({ data: { input, output } }) => {
    tally.answers++
    tally.tokens += input + output
  })
  const openai = connectModelServer(model)
  const pauseMs = defaultTimings.modelPauseMs
  const { prove } = createProver(events)
  return assembleGenerate({ openai, model, review, prove, breaker: alwaysClosed, events, pauseMs })
}

/** A measurement must not stop after five failures. */
const alwaysClosed: Breaker = {
  tryAcquire: () => true,
  onSuccess: () => undefined,
  onFailure: () => undefined,
  onAbandon: () => undefined,
}

function reportOf({ accepted, failed, rejects, answers, tokens, seconds }: Tally): Record<string, string> {
  const places = [0, 1, 2, 3].map(
    (place) => accepted.filter((question) => question.correctAnswerId === place).length,
  )
  const expected = accepted.length / 4
  const chiSquare = places.reduce((sum, found) => sum + (found - expected) ** 2 / expected, 0)
  const longest = accepted.filter(isKeyLongest).length
  const perAccepted = (amount: number, digits: number) => (amount / accepted.length).toFixed(digits)
  return {
    accepted: `${accepted.length}`,
    'given up after 3 attempts': `${failed}`,
    'rejected: repeat': `${rejects.repeat ?? 0}`,
    ...Object.fromEntries(
      Object.entries(rejects).map(([reason, times]) => [`rejected: ${reason}`, `${times}`]),
    ),
    'place of the key': places.join(' / '),
    'its χ² (16.3 at p = 0.001)': accepted.length ? chiSquare.toFixed(1) : '–',
    'key is the longest option': accepted.length ? `${Math.round((100 * longest) / accepted.length)} %` : '–',
    'model answers each': accepted.length ? perAccepted(answers, 1) : '–',
    'tokens each': accepted.length ? perAccepted(tokens, 0) : '–',
    'seconds each': accepted.length ? perAccepted(seconds, 1) : '–',
  }
}

/** Whether the key is longer than every other option; by chance, a quarter of the keys are. */
function isKeyLongest({ options, correctAnswerId }: Question): boolean {
  const lengths = options.map((option) => option.length)
  const others = lengths.filter((_, place) => place !== correctAnswerId)
  return (lengths[correctAnswerId] ?? 0) > Math.max(...others)
}

function table(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: string[]) =>
    row
      .map((text, column) =>
        column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0),
      )
      .join('  ')
  return `${rows.map(line).join('\n')}\n`
}
