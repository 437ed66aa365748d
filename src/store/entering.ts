/**
 * The maximum number of questions that get their positions in one statement. On PostgreSQL that takes some 100 ms, far
 * less than the time limit of a statement, also on slow machines.
 */
export const maxEntering = 2000

// Imports of the original stay out of the libraries: it repeated canned questions.
const isCollected = `source = 'ai' AND fingerprint IS NOT NULL
  AND coalesce(import_key, '') NOT LIKE 'original %'`

/** The SQL condition of questions that belong into a library. */
export const isOfLibrary = `state = 'circulating' AND ${isCollected}`

/**
 * The SQL condition of questions that belong into a library and have no position yet. Claims and decisions leave such
 * questions; the next claim gives them their positions.
 */
export const isEntering = `state = 'circulating' AND position IS NULL AND ${isCollected}`
