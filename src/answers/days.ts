/** The days that a list shows, and the days in which runs are looked for. Both include today. */
const listedDays = 30
const streakDays = 366

/** A day of the calendar with its first moment in epoch milliseconds. */
type Day = { date: string; start: number; answered: number; correct: number }

/** Returns whether `name` is an IANA time zone such as Europe/Berlin. An offset such as +02:00 is not. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][\w+/-]{0,63}$/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined
  } catch {
    return false
  }
}

/**
 * Counts answers by day in a time zone. An answer from the future, after a clock went back, counts as today's; an
 * answer before the first day does not count.
 */
export function createCalendar(timeZone: string, now: number) {
  const days = listDays(timeZone, now)
  return {
    add({ answeredAt, correct }: { answeredAt: number; correct: boolean }) {
      const day = findDay(days, answeredAt)
      if (!day) return
      day.answered += 1
      if (correct) day.correct += 1
    },
    /**
     * Returns the days with an answer among the last 30, oldest first, and the runs of such days among the last 366. A
     * run that ended yesterday is still the current one.
     */
    summarise: () => ({
      streak: measureStreaks(days.map(({ answered }) => answered > 0)),
      days: days
        .slice(-listedDays)
        .filter(({ answered }) => answered > 0)
        .map(({ date, answered, correct }) => ({ date, answered, correct })),
    }),
  }
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
    days.push({ date: date.toString(), start, answered: 0, correct: 0 })
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
