import { type Difficulty, difficulties } from '../question.ts'

type Counts = { answered: number; correct: number }

/** Counts answers in all, by difficulty and by topic. */
export function createTotals() {
  const all = zero()
  const byDifficulty = Object.fromEntries(difficulties.map((name) => [name, zero()])) as Record<
    Difficulty,
    Counts
  >
  const byTopic = new Map<string, Counts>()

  function findTopic(topic: string): Counts {
    const known = byTopic.get(topic) ?? zero()
    byTopic.set(topic, known)
    return known
  }

  return {
    add({ difficulty, topic, correct }: { difficulty: Difficulty; topic: string | null; correct: boolean }) {
      count(all, correct)
      count(byDifficulty[difficulty], correct)
      if (topic !== null) count(findTopic(topic), correct)
    },
    summarise: () => ({ ...all, byDifficulty, byTopic: Object.fromEntries([...byTopic].sort()) }),
  }
}

const zero = (): Counts => ({ answered: 0, correct: 0 })

function count(counts: Counts, correct: boolean) {
  counts.answered += 1
  if (correct) counts.correct += 1
}
