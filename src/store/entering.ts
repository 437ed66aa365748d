/**
 * The number of questions that get their positions at once, at most. On PostgreSQL a claim waits some 100 ms for so many;
 * the time limit of a statement must stay far away on slow machines too.
 */
export const maxEntering = 2000

// Imports of the original stay out of the libraries: it repeated canned questions.
const isCollected = `source = 'ai' AND fingerprint IS NOT NULL
  AND coalesce(import_key, '') NOT LIKE 'original %'`

/** The SQL condition of questions that belong into a library. */
export const isOfLibrary = `state = 'circulating' AND ${isCollected}`

/**
 * The SQL condition of questions that belong into a library and have no position yet. A claim gives positions to the
 * questions that earlier claims and decisions left so.
 */
export const isEntering = `state = 'circulating' AND position IS NULL AND ${isCollected}`
