import { type Difficulty, difficulties } from '../question.ts'

/** A row of the FastAPI server's database. SQLite does not enforce column types, so any column may hold any value. */
export type Row = Record<string, unknown>

// Each function throws an Error with a message that names the column.

export function parseText(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string' || value.trim() === '') throw new Error(`${column} is empty`)
  // PostgreSQL cannot store NUL.
  if (value.includes('\0')) throw new Error(`${column} has a NUL character`)
  return value
}

/** An id within 2^52: exact as a JSON number, with room for new ids above it. */
export function parseId({ id }: Row): number {
  if (!Number.isSafeInteger(id) || Number(id) > 2 ** 52) throw new Error('id is beyond 2^52')
  return Number(id)
}

/** Parses an integer of 32 bits, or the text of one. */
export function parseInteger(row: Row, column: string): number {
  const value = row[column]
  const integer = typeof value === 'string' && /^-?\d+$/.test(value.trim()) ? Number(value) : value
  if (typeof integer !== 'number' || integer !== (integer | 0))
    throw new Error(`${column} is not a whole number of 32 bits`)
  return integer
}

export function parseDifficulty({ difficulty }: Row): Difficulty {
  const known = difficulties.find((name) => name === String(difficulty).trim().toLowerCase())
  if (!known) throw new Error('difficulty is not easy, medium or hard')
  return known
}

export function parseOptions(row: Row): string[] {
  let options: unknown
  try {
    options = JSON.parse(String(row.options))
  } catch {
    throw new Error('options are not JSON')
  }
  if (!Array.isArray(options) || options.length !== 4) throw new Error('options are not a list of four')
  if (options.some((option) => option === null || typeof option === 'object'))
    throw new Error('an option is null, a list or an object')
  return options.map(String)
}

/** Parses "2025-06-23 02:19:37.966257" to epoch milliseconds. A date without an offset is local time in `timeZone`. */
export function parseTimestamp(row: Row, column: string, timeZone: string): number {
  const value = String(row[column])
  // Try the instant first: `PlainDateTime` would ignore an offset.
  const parsers = [
    () => Temporal.Instant.from(value),
    () => Temporal.PlainDateTime.from(value).toZonedDateTime(timeZone),
  ]
  for (const parse of parsers) {
    try {
      return parse().epochMilliseconds
    } catch {
      // The next parser may accept the value.
    }
  }
  throw new Error(`${column} is not a date`)
}
