import { assembleAuthoring } from '../authoring/assemble.ts'
import { readBank } from '../authoring/bank.ts'
import type { Breaker } from '../authoring/breaker.ts'
import { createBudget } from '../authoring/budget.ts'
import { connectModelServer } from '../authoring/model/client.ts'
import type { Config } from '../config.ts'
import { createEventBus, type EventBus } from '../events.ts'
import { GenerationFailed } from '../failure.ts'
import type { Difficulty, Question } from '../question.ts'
import { defaultTimings } from '../timings.ts'
import type { Topic } from '../topics.ts'
import type { Outcomes } from './quality-outcomes.ts'
import { createTally, type Tally } from './quality-report.ts'

export type WithModel = Config & { model: NonNullable<Config['model']> }

/** Writes questions as the server does, and stores none. The questions of all difficulties must not repeat each other. */
export function createMeasure(
  { model, review, generationTimeoutMs }: WithModel,
  topics: readonly Topic[],
  outcomes: Outcomes,
) {
  const server = connectModelServer(model)
  const written: Question[] = []

  return async function measure(difficulty: Difficulty, count: number): Promise<Tally> {
    const tally = createTally()
    const events = countInto(tally)
    const bank = await readBank()
    const { modelPauseMs: pauseMs } = defaultTimings
    const shared = { server, model, review, topics, bank, events, pauseMs }
    await using authoring = assembleAuthoring({ ...shared, breaker: alwaysClosed })
    const started = performance.now()
    for (let n = 0; n < count && !outcomes.signal.aborted; n++) {
      const topic = authoring.drawTopic(difficulty)
      const recent = written.filter((question) => question.topic === topic).toReversed()
      const budget = createBudget(generationTimeoutMs, outcomes.signal)
      try {
        const accepted = await authoring.generate({ difficulty, topic, recent, budget })
        written.push(accepted.question)
        tally.accepted.push(accepted)
        outcomes.onAccepted(accepted)
      } catch (error) {
        if (!(error instanceof GenerationFailed)) throw error
        tally.failed++
        if (!outcomes.signal.aborted) outcomes.onFailed(error)
      }
    }
    tally.seconds = (performance.now() - started) / 1000
    return tally
  }
}

/** A bus whose events are counted. */
function countInto(tally: Tally): EventBus {
  const events = createEventBus()
  const count = (counts: Record<string, number>, name: string) => {
    counts[name] = (counts[name] ?? 0) + 1
  }
  events.on('challenge.rejected', ({ data }) => count(tally.rejects, data.reason))
  events.on('model.failed', ({ data }) => count(tally.faults, data.fault))
  events.on('model.answered', ({ data }) => {
    tally.answers++
    count(tally.formats, data.format)
    tally.input += data.input
    tally.output += data.output
  })
  return events
}

/** The measurement counts failures itself. */
const alwaysClosed: Breaker = {
  isResting: () => false,
  tryAcquire: () => true,
  onSuccess: () => undefined,
  onFailure: () => undefined,
  onAbandon: () => undefined,
}
