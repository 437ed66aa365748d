import type { Difficulty } from '../question.ts'
import type { ListedAnswer } from '../store/records.ts'

/** The days that a list shows, and the days in which runs are looked for. Both include today. */
const listedDays = 30
const streakDays = 366

type Counts = { answered: number; correct: number }

/** A day of the calendar with its first moment in epoch milliseconds. */
type Day = Counts & { date: string; start: number }

/**
 * Counts a learner's answers in all, by difficulty, by topic, and by day in a time zone. An answer from the future, after
 * a clock went back, counts as today's; an answer before the first day counts for no day.
 */
export function createProgress(timeZone: string, now: number) {
  const all = zero()
  const byDifficulty: Record<Difficulty, Counts> = { easy: zero(), medium: zero(), hard: zero() }
  const byTopic = new Map<string, Counts>()
  const days = listDays(timeZone, now)

  function findTopic(topic: string): Counts {
    const known = byTopic.get(topic) ?? zero()
    byTopic.set(topic, known)
    return known
  }

  return {
    add({ answeredAt, difficulty, topic, correct }: Omit<ListedAnswer, 'id'>) {
      count(all, correct)
      count(byDifficulty[difficulty], correct)
      if (topic !== null) count(findTopic(topic), correct)
      const day = findDay(days, answeredAt)
      if (day) count(day, correct)
    },
    /**
     * Returns the counts, the days with an answer among the last 30, oldest first, and the runs of such days among the
     * last 366. A run that ended yesterday is still the current one.
     */
    summarise: () => ({
      ...all,
      byDifficulty,
      byTopic: Object.fromEntries([...byTopic].sort()),
      streak: measureStreaks(days.map(({ answered }) => answered > 0)),
      days: days
        .slice(-listedDays)
        .filter(({ answered }) => answered > 0)
        .map(({ date, answered, correct }) => ({ date, answered, correct })),
    }),
  }
}

const zero = (): Counts => ({ answered: 0, correct: 0 })

function count(counts: Counts, correct: boolean) {
  counts.answered += 1
  if (correct) counts.correct += 1
}

/** Lists the days until today in ascending order. A day that the time zone skipped at the date line is left out. */
function listDays(timeZone: string, now: number): Day[] {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone).toPlainDate()
  const days: Day[] = []
  for (let age = streakDays - 1; age >= 0; age--) {
    const date = today.subtract({ days: age })
    const start = date.toZonedDateTime(timeZone).epochMilliseconds
    // A skipped day starts when the day after it starts.
    if (days.at(-1)?.start === start) days.pop()
    days.push({ date: date.toString(), start, ...zero() })
  }
  return days
}

/** Finds the last day that starts at `time` or before. */
function findDay(days: Day[], time: number): Day | undefined {
  let low = 0
  let high = days.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((days[middle]?.start ?? 0) <= time) low = middle + 1
    else high = middle
  }
  return days[low - 1]
}

/** Measures runs of `true`. The last element is today, which does not end a run yet. */
function measureStreaks(active: boolean[]) {
  let run = 0
  let longest = 0
  let current = 0
  for (const [index, isActive] of active.entries()) {
    const isToday = index === active.length - 1
    if (isActive || !isToday) run = isActive ? run + 1 : 0
    longest = Math.max(longest, run)
    current = run
  }
  return { current, longest }
}
