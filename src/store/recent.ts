import type { RecentQuestion } from '../question.ts'
import type { Soundness } from './soundness.ts'

/** The number of questions that a list has at most. */
export const maxRecent = 1000
/** The time after which a list is read anew, in milliseconds. */
const listMs = 60_000

type Row = RecentQuestion & { id: number }
/** The ids from `oldest` to `newest`. */
type Range = { oldest: number; newest: number }

type Parts = {
  /** Counts the questions of a topic, or of no topic, in a range of ids, and reads the latest ones after it, newest first. */
  read: (
    topic: string | null,
    known: Range,
  ) => Promise<{ known: { count: number } | undefined; newer: Row[] }>
  sound: Soundness
  /** A clock that never goes back, in milliseconds. */
  monotonic?: () => number
}

/** Newest first. `questions` leaves damaged ones out. */
type List = { ids: readonly number[]; questions: readonly Row[]; expires: number }

/**
 * Reads the recent questions of a topic, and keeps them: after the first read, each read fetches only questions that are
 * new, and counts the known ones, so that it sees what other processes stored and deleted. All rows are read again after a
 * minute, since one may have been changed in place. A question without a change stays the same object. The lists of all
 * topics are few: the caller asks only for topics that the server offers.
 */
export function createRecentReader({ read, sound, monotonic = () => performance.now() }: Parts) {
  const lists = new Map<string | null, List>()
  /** Reads that have not ended. Concurrent readers of a list share a read. */
  const reading = new Map<string | null, Promise<List['questions']>>()

  async function update(topic: string | null): Promise<List['questions']> {
    const last = lists.get(topic)
    const isNew = !last || last.expires <= monotonic()
    const list: List = isNew ? { ids: [], questions: [], expires: monotonic() + listMs } : last
    const { known, newer } = await read(topic, toRange(list.ids))
    if (known?.count !== list.ids.length) {
      // A known question was deleted, or an older one appeared.
      lists.set(topic, { ...list, expires: Number.NEGATIVE_INFINITY })
      return isNew ? [] : update(topic)
    }
    const rows = isNew && last ? keepUnchanged(newer, last.questions) : newer
    const extended = rows.length > 0 ? extend(list, rows) : list
    lists.set(topic, extended)
    return extended.questions
  }

  function extend({ ids: known, questions: before, expires }: List, newer: Row[]): List {
    const ids = [...newer.map(({ id }) => id), ...known].slice(0, maxRecent)
    const questions = [...newer.filter(sound.isAsked), ...before]
    const { oldest } = toRange(ids)
    return {
      ids,
      questions: questions.slice(0, questions.findLastIndex(({ id }) => id >= oldest) + 1),
      expires,
    }
  }

  function share(topic: string | null): Promise<List['questions']> {
    const updating = reading.get(topic) ?? update(topic).finally(() => reading.delete(topic))
    reading.set(topic, updating)
    return updating
  }

  return async function readRecent(topic: string): Promise<readonly RecentQuestion[]> {
    const [ofTopic, ofNone] = await Promise.all([share(topic), share(null)])
    if (ofNone.length === 0) return ofTopic
    return [...ofTopic, ...ofNone].sort((a, b) => b.id - a.id).slice(0, maxRecent)
  }
}

/** The rows, with the known objects in the place of rows that equal them. */
function keepUnchanged(rows: Row[], questions: readonly Row[]): Row[] {
  const known = new Map(questions.map((question) => [question.id, question]))
  return rows.map((row) => {
    const question = known.get(row.id)
    return question && Bun.deepEquals(question, row) ? question : row
  })
}

/** A list that is not full has all questions, however old. */
function toRange(ids: readonly number[]): Range {
  return { oldest: ids.length < maxRecent ? 0 : (ids.at(-1) ?? 0), newest: ids[0] ?? -1 }
}
