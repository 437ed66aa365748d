import { type Difficulty, difficulties } from '../challenge.ts'

/** A row of the original's, in which anything may stand anywhere. Each reading throws an Error that names the column. */
export type Row = Record<string, unknown>

export function textOf(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string' || value.trim() === '') throw new Error(`${column} is empty`)
  // PostgreSQL keeps none.
  if (value.includes('\0')) throw new Error(`${column} has a NUL character`)
  return value
}

/** An id that JavaScript, and whoever reads our JSON, can tell from the next one, with as many to come after it. */
export function idOf({ id }: Row): number {
  if (!Number.isSafeInteger(id) || Number(id) > 2 ** 52) throw new Error('id is beyond 2^52')
  return Number(id)
}

/** An integer of 32 bits, which may stand there in words. */
export function wholeOf(row: Row, column: string): number {
  const value = row[column]
  const whole = typeof value === 'string' && /^-?\d+$/.test(value.trim()) ? Number(value) : value
  if (typeof whole !== 'number' || whole !== (whole | 0))
    throw new Error(`${column} is not a whole number of 32 bits`)
  return whole
}

export function difficultyOf({ difficulty }: Row): Difficulty {
  const known = difficulties.find((word) => word === String(difficulty).trim().toLowerCase())
  if (!known) throw new Error('difficulty is not easy, medium or hard')
  return known
}

export function optionsOf(row: Row): string[] {
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

/** "2025-06-23 02:19:37.966257", on a clock in `timeZone` unless it names an offset, as epoch milliseconds. */
export function momentOf(row: Row, column: string, timeZone: string): number {
  const value = String(row[column])
  // The instant first: a date without a zone would pass over the offset.
  const readings = [
    () => Temporal.Instant.from(value),
    () => Temporal.PlainDateTime.from(value).toZonedDateTime(timeZone),
  ]
  for (const read of readings) {
    try {
      return read().epochMilliseconds
    } catch {
      // Told below.
    }
  }
  throw new Error(`${column} is not a date`)
}
