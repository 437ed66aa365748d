import Gauge from '@prometheus-io/client/lib/gauge.js'
import type Registry from '@prometheus-io/client/lib/registry.js'
import type { EventBus } from '../events.ts'
import { difficulties, supplies } from '../question.ts'
import type { Level, Levels } from '../store/levels.ts'
import { topicIds } from '../topics.ts'
import { createCounter } from './counter.ts'

/** The places from which challenges come, and the numbers of questions in pool and library. */
export function observeSupply(events: EventBus, store: Levels, registers: Registry[]) {
  const handOvers = createCounter(registers)('hand_overs_total', 'Challenges handed over, by supply.', [
    'difficulty',
    'supply',
  ])
  for (const difficulty of difficulties) {
    for (const supply of supplies) handOvers.inc({ difficulty, supply }, 0)
  }
  events.on('challenge.claimed', ({ data: { difficulty, supply } }) => handOvers.inc({ difficulty, supply }))
  observeLevel('pool_ready_challenges', 'Questions in the pool.', () => store.countReady(), registers)
  observeLevel(
    'library_questions',
    'Questions that circulate in the library.',
    () => store.countLibraries(),
    registers,
  )
}

/** A gauge by difficulty and topic, whose values are read at each scrape. */
function observeLevel(name: string, help: string, read: () => Promise<Level[]>, registers: Registry[]) {
  new Gauge({
    name,
    help,
    labelNames: ['difficulty', 'topic'],
    registers,
    async collect() {
      // The other metrics must stay available when the database fails: omit only the gauge.
      this.reset()
      const levels = await read().catch(() => undefined)
      if (!levels) return
      for (const labels of listDifficultyTopics()) this.set(labels, 0)
      for (const { difficulty, topic, count } of levels)
        this.inc({ difficulty, topic: toLabel(topic) }, count)
    },
  })
}

/** The label of a topic. `none` stands for no topic, and for a topic that this version does not know. */
export function toLabel(topic: string | null): string {
  return topicIds.find((id) => id === topic) ?? 'none'
}

/** Every pair of the labels `difficulty` and `topic`. */
export function listDifficultyTopics() {
  return difficulties.flatMap((difficulty) =>
    [...topicIds, 'none'].map((topic) => ({ difficulty, topic: topic as string })),
  )
}
