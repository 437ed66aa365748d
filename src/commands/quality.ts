import type { Config } from '../config.ts'
import { difficulties } from '../question.ts'
import { type Topic, topicIds } from '../topics.ts'
import { createCommand } from './command.ts'
import { createProgress } from './progress.ts'
import { createMeasure, type WithModel } from './quality-measure.ts'
import { createOutcomes } from './quality-outcomes.ts'
import { toTable } from './quality-report.ts'

/** `quality [n]` */
export const quality = createCommand({
  synopsis: 'bun run quality [n] [--topic=python] [--json]',
  summary: 'Measures the configured model: rejects, repeats, cues, checks of the key, tokens.',
  details: `Generates n questions per difficulty (1 to 9999, 10 unless given) and stores none.

--topic  the topic of every question; without it, the topics of TOPICS take turns
--json   prints each accepted question as a line of JSON; the table goes to standard error`,
  options: { topic: { type: 'string' }, json: { type: 'boolean' } },
  words: [0, 1],
  run: (config, [count = '10'], { topic, json = false }) => measureModel(config, { count, topic, json }),
})

type Request = { count: string; topic: string | undefined; json: boolean }

/** @throws Error with one sentence when no model is configured, an argument is wrong, or the model gives no answer. */
async function measureModel(config: Config, { count, topic, json }: Request) {
  const { model, review } = config
  if (!/^[1-9]\d{0,3}$/.test(count))
    throw new Error(`The number of questions per difficulty must be 1 to 9999, not ${count}.`)
  const topics = topic === undefined ? config.topics : topicIds.filter((id) => id === topic)
  if (topics.length === 0) throw new Error(`The topic must be one of: ${topicIds.join(', ')}.`)
  if (!model) throw new Error('No model is configured: set OPENAI_API_KEY or OPENAI_BASE_URL.')

  const tallies = await measureAll({ ...config, model }, topics, { count: Number(count), json })
  const output = json ? process.stderr : process.stdout
  const reviewer = model.reviewName === model.name ? 'the same model' : model.reviewName
  const table = toTable(difficulties, tallies, reviewer)
  output.write(`${model.name}, review ${review ? `by ${reviewer}` : 'off'}\n\n${table}`)
}

async function measureAll(
  config: WithModel,
  topics: readonly Topic[],
  { count, json }: { count: number; json: boolean },
) {
  using progress = createProgress()
  const outcomes = createOutcomes(progress, count * difficulties.length, json)
  const measure = createMeasure(config, topics, outcomes)
  const tallies = await Promise.all(difficulties.map((difficulty) => measure(difficulty, count)))
  outcomes.assertAnswered()
  return tallies
}
