import type { Difficulty } from '../question.ts'
import type { ListedAnswer } from '../store/records.ts'

/** The days that a list shows, and the days in which runs are looked for. Both include today. */
const listedDays = 30
const streakDays = 366

type Counts = { answered: number; correct: number }

/** A day that began `age` days before today, with its first moment in epoch milliseconds. */
type Day = Counts & { age: number; start: number }

/**
 * Counts a learner's answers in all, by difficulty, by topic, and by day in a time zone. An answer from the future, after
 * a clock went back, counts as today's; an answer before the first day counts for no day.
 */
export function createProgress(timeZone: string, now: number) {
  const all = zero()
  const byDifficulty: Record<Difficulty, Counts> = { easy: zero(), medium: zero(), hard: zero() }
  const byTopic = new Map<string, Counts>()
  const moment = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone)
  const days = listDays(moment)

  function findTopic(topic: string): Counts {
    const known = byTopic.get(topic)
    if (known) return known
    const counts = zero()
    byTopic.set(topic, counts)
    return counts
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
        .map(({ age, answered, correct }) => ({ date: findDate(moment, age).toString(), answered, correct })),
    }),
  }
}

const zero = (): Counts => ({ answered: 0, correct: 0 })

function count(counts: Counts, correct: boolean) {
  counts.answered += 1
  if (correct) counts.correct += 1
}

const dayMs = 24 * 60 * 60 * 1000

const findDate = (moment: Temporal.ZonedDateTime, age: number) => moment.toPlainDate().subtract({ days: age })

/** Lists the days until today in ascending order. A day that the time zone skipped at the date line is left out. */
function listDays(moment: Temporal.ZonedDateTime): Day[] {
  const changes = listClockChanges(moment)
  const days: Day[] = []
  for (let age = 0, next = Number.POSITIVE_INFINITY; age < streakDays; age++) {
    // A conversion takes longer than the rest: only today and the days around a change of the clock need one.
    const isPlain = age > 0 && changes.every((time) => time < next - 2 * dayMs || time > next)
    const start = isPlain
      ? next - dayMs
      : findDate(moment, age).toZonedDateTime(moment.timeZoneId).epochMilliseconds
    // A skipped day starts when the day after it starts.
    if (start !== next) days.push({ age, start, ...zero() })
    next = start
  }
  return days.reverse()
}

/** Lists the changes of the clock in the days that count, in epoch milliseconds. */
function listClockChanges(moment: Temporal.ZonedDateTime): number[] {
  const oldest = moment.epochMilliseconds - (streakDays + 2) * dayMs
  const changes: number[] = []
  // From a millisecond later, so that a change at this very moment counts.
  let change = moment.add({ milliseconds: 1 }).getTimeZoneTransition('previous')
  while (change && change.epochMilliseconds >= oldest) {
    changes.push(change.epochMilliseconds)
    change = change.getTimeZoneTransition('previous')
  }
  return changes
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
