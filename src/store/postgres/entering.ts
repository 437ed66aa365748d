import type { ReservedSQL } from 'bun'
import { isEntering, maxEntering } from '../entering.ts'
import type { Library } from '../library.ts'

type Connection = Pick<ReservedSQL, 'unsafe'>

/** An arbitrary constant. One transaction at a time gives positions, and holds this advisory lock until its commit. */
const positionLock = 7_261_190_719

/**
 * Gives positions to the entering questions. `false`: another transaction is giving positions. No hand-over from the pool
 * has to wait for the commits of others. A walk cannot pass a position whose question is not visible yet, because the
 * size of a library becomes visible together with the positions.
 */
export async function tryEnterLibraries(sql: Connection): Promise<boolean> {
  const [lock]: { held: boolean }[] = await sql.unsafe(enterLibrariesSql, [positionLock])
  return lock?.held ?? true
}

/** Gives positions to the entering questions, after a wait for a transaction that is giving positions. */
export async function enterLibraries(sql: Connection) {
  await sql.unsafe('SELECT pg_advisory_xact_lock($1::bigint)', [positionLock])
  await tryEnterLibraries(sql)
}

const enterLibrariesSql = `
  WITH lock AS MATERIALIZED (
    SELECT pg_try_advisory_xact_lock($1::bigint) AS held FROM questions WHERE ${isEntering} LIMIT 1
  ), entering AS MATERIALIZED (
    SELECT id, difficulty, coalesce(topic, '') AS topic FROM questions
    WHERE (SELECT held FROM lock) AND ${isEntering}
    LIMIT ${maxEntering} FOR UPDATE SKIP LOCKED
  ), grown AS (
    INSERT INTO libraries (difficulty, topic, size, circulating)
    SELECT difficulty, topic, count(*), count(*) FROM entering GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (difficulty, topic)
    DO UPDATE SET size = libraries.size + excluded.size, circulating = libraries.circulating + excluded.circulating
    RETURNING id, difficulty, topic, size
  ), placed AS (
    UPDATE questions SET library_id = ranked.library_id, position = ranked.position
    FROM (
      SELECT entering.id, grown.id AS library_id,
        grown.size - row_number() OVER (PARTITION BY grown.id ORDER BY entering.id DESC) AS position
      FROM entering JOIN grown USING (difficulty, topic)
    ) AS ranked
    WHERE questions.id = ranked.id
  )
  SELECT held FROM lock`

/**
 * Lists the libraries of a difficulty with the user's walks, and the numbers of entering questions by topic. One
 * statement: a question that gets its position meanwhile is in one of the lists.
 */
export async function listLibraries(sql: Connection, userId: string, difficulty: string) {
  const rows: ListedRow[] = await sql.unsafe(listLibrariesSql, [userId, difficulty])
  const libraries: Library[] = []
  const entering: Pick<Library, 'topic' | 'circulating'>[] = []
  for (const { id, topic, size, circulating, walk } of rows) {
    if (id === null) entering.push({ topic, circulating })
    else libraries.push({ id: Number(id), topic, size, circulating, walk: walk && JSON.parse(walk) })
  }
  return { libraries, entering }
}

type ListedRow = Omit<Library, 'id' | 'walk'> & { id: string | null; walk: string | null }

const listLibrariesSql = `
  SELECT id, topic, libraries.size, circulating, CASE WHEN user_id IS NOT NULL THEN
    json_build_object('first', first, 'size', walks.size, 'start', start, 'stride', stride, 'step', step)::text END AS walk
  FROM libraries LEFT JOIN walks ON library_id = id AND user_id = $1 WHERE difficulty = $2
  UNION ALL
  SELECT NULL, coalesce(topic, ''), 0, count(*)::int, NULL
  FROM questions WHERE difficulty = $2 AND ${isEntering} GROUP BY topic`
