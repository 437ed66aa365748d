import type { RecentQuestion } from '../question.ts'
import type { Soundness } from './soundness.ts'

/** The number of questions that a list has at most. */
export const maxRecent = 1000
/** The time after which a list is read anew, in milliseconds. */
const listMs = 60_000

type Row = RecentQuestion & { id: number }
type List = { questions: Map<number, RecentQuestion>; expires: number }

type Parts = {
  /** Lists the latest ids of a topic, or of no topic, separated by commas; `null` without a question. */
  listIds: (topic: string | null) => Promise<{ ids: string | null } | undefined>
  /** Reads the questions with these ids, in any order. */
  readRows: (ids: string) => Promise<Row[]>
  sound: Soundness
  /** A clock that never goes back, in milliseconds. */
  monotonic?: () => number
}

/**
 * Reads the recent questions of a topic, and keeps them: after the first read, each read fetches the ids of all of them,
 * so that it sees what other processes stored and deleted, but only the rows that are new. A kept question stays the same
 * object. A row that was changed in place is read again within a minute. The lists of all topics are few: the caller asks
 * only for topics that the server offers.
 */
export function createRecentReader({ listIds, readRows, sound, monotonic = () => performance.now() }: Parts) {
  const lists = new Map<string | null, List>()

  function findList(topic: string | null): List {
    const known = lists.get(topic)
    if (known && known.expires > monotonic()) return known
    return { questions: new Map(), expires: monotonic() + listMs }
  }

  async function update(topic: string | null): Promise<List> {
    const listed = await listIds(topic)
    const ids = listed?.ids?.split(',').map(Number) ?? []
    const { questions: known, expires } = findList(topic)
    const missing = ids.filter((id) => !known.has(id))
    const rows = missing.length > 0 ? await readRows(missing.join(',')) : []
    const added = new Map(rows.filter(sound.isAsked).map((row) => [row.id, dropId(row)]))
    const questions: List['questions'] = new Map()
    for (const id of ids) {
      const question = known.get(id) ?? added.get(id)
      if (question) questions.set(id, question)
    }
    const list = { questions, expires }
    lists.set(topic, list)
    return list
  }

  return async function readRecent(topic: string): Promise<RecentQuestion[]> {
    const [ofTopic, ofNone] = await Promise.all([update(topic), update(null)])
    return [...ofTopic.questions, ...ofNone.questions]
      .sort(([a], [b]) => b - a)
      .slice(0, maxRecent)
      .map(([, question]) => question)
  }
}

function dropId<Row extends { id: number }>({ id, ...row }: Row): Omit<Row, 'id'> {
  return row
}
