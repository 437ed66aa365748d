import { type Difficulty, difficulties } from '../question.ts'

/** A row of the FastAPI server's database, in which any value may stand in any column. */
export type Row = Record<string, unknown>

// Each function throws an Error that names the column.

export function parseText(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string' || value.trim() === '') throw new Error(`${column} is empty`)
  // PostgreSQL stores no NUL.
  if (value.includes('\0')) throw new Error(`${column} has a NUL character`)
  return value
}

/** An id within 2^52: exact as a JSON number, with room for new ids above it. */
export function parseId({ id }: Row): number {
  if (!Number.isSafeInteger(id) || Number(id) > 2 ** 52) throw new Error('id is beyond 2^52')
  return Number(id)
}

/** An integer of 32 bits, also as text. */
export function parseInteger(row: Row, column: string): number {
  const value = row[column]
  const integer = typeof value === 'string' && /^-?\d+$/.test(value.trim()) ? Number(value) : value
  if (typeof integer !== 'number' || integer !== (integer | 0))
    throw new Error(`${column} is not a whole number of 32 bits`)
  return integer
}

export function parseDifficulty({ difficulty }: Row): Difficulty {
  const known = difficulties.find((word) => word === String(difficulty).trim().toLowerCase())
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

/** "2025-06-23 02:19:37.966257" as epoch milliseconds; in `timeZone` unless it names an offset. */
export function parseTimestamp(row: Row, column: string, timeZone: string): number {
  const value = String(row[column])
  // The instant first: a date without a zone would ignore the offset.
  const readings = [
    () => Temporal.Instant.from(value),
    () => Temporal.PlainDateTime.from(value).toZonedDateTime(timeZone),
  ]
  for (const read of readings) {
    try {
      return read().epochMilliseconds
    } catch {
      // The next reading may fit.
    }
  }
  throw new Error(`${column} is not a date`)
}
