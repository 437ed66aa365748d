/** The number of questions that get their positions at once, at most. */
export const mostEntering = 10_000

/**
 * The SQL condition of questions that circulate, belong into a library and have no position yet. A claim gives positions
 * to the questions that earlier claims and decisions left so. Imports of the original stay out: it repeated canned
 * questions.
 */
export const isEntering = `state = 'circulating' AND position IS NULL AND source = 'ai' AND fingerprint IS NOT NULL
  AND coalesce(import_key, '') NOT LIKE 'original %'`
