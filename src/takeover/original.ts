import { Database } from 'bun:sqlite'
import { fingerprintOf } from '../authoring/draft.ts'
import { tableOwner } from '../store/sqlite-file.ts'
import type { StoredChallenge, Takeover } from '../store/store.ts'
import { difficultyOf, idOf, momentOf, optionsOf, type Row, textOf, wholeOf } from './cells.ts'

type Reading = { timeZone: string; now: number; daily: number }

/** What a database of the original holds, and what of it cannot be taken over. */
type OriginalDatabase = Takeover & { refused: string[] }

/**
 * Reads a database of the original server (SQLAlchemy on SQLite), which is opened read-only. Its dates are local time
 * in `timeZone` (an IANA name), unless they name an offset. `daily` is what a quota counts against; `now` is in epoch
 * milliseconds.
 * @throws Error with one sentence if the file is no such database, or the zone does not exist.
 */
export function readOriginal(path: string, reading: Reading): OriginalDatabase {
  const refused: string[] = []
  const read = <T>(table: string, rows: Row[], convert: (row: Row) => T): T[] =>
    rows.flatMap((row) => {
      try {
        return [convert(row)]
      } catch (error) {
        refused.push(`${table} ${row.id}: ${error instanceof Error ? error.message : 'cannot be read'}`)
        return []
      }
    })
  const { challengeRows, quotaRows } = rowsOf(path)
  const challenges = read('challenges', challengeRows, (row) => challengeOf(row, reading.timeZone))
  const quotas = read('challenge_quotas', quotaRows, (row) => quotaOf(row, reading))
  return { challenges: withoutRepeats(challenges), quotas, refused }
}

function rowsOf(path: string) {
  try {
    using file = new Database(path, { readonly: true, create: false })
    if (tableOwner(file) === 'us') throw new Error('it is one of ours: use `bun run migrate` for it')
    return {
      challengeRows: file.query<Row, []>('SELECT * FROM challenges ORDER BY id').all(),
      quotaRows: file.query<Row, []>('SELECT * FROM challenge_quotas ORDER BY id').all(),
    }
  } catch (error) {
    throw new Error(
      `${path} is not a database of the original: ${error instanceof Error ? error.message : ''}.`,
    )
  }
}

function challengeOf(row: Row, timeZone: string): StoredChallenge {
  const options = optionsOf(row)
  const title = textOf(row, 'title')
  const createdBy = textOf(row, 'created_by')
  // Without a date it goes to the end of its user's history.
  const dateCreated = row.date_created === null ? 0 : momentOf(row, 'date_created', timeZone)
  const correctAnswerId = wholeOf(row, 'correct_answer_id')
  if (![0, 1, 2, 3].includes(correctAnswerId)) throw new Error('correct_answer_id is not 0 to 3')
  const name = JSON.stringify([row.id, createdBy, row.date_created, title, options])
  return {
    id: idOf(row),
    difficulty: difficultyOf(row),
    dateCreated,
    createdBy,
    title,
    options,
    correctAnswerId,
    explanation: textOf(row, 'explanation'),
    source: 'ai',
    fingerprint: fingerprintOf(title, null),
    bankId: null,
    idempotencyKey: null,
    importKey: `original ${new Bun.CryptoHasher('sha256').update(name).digest('hex')}`,
  }
}

function quotaOf(row: Row, { timeZone, now, daily }: Reading): Takeover['quotas'][number] {
  const remaining = wholeOf(row, 'quota_remaining')
  return {
    id: idOf(row),
    userId: textOf(row, 'user_id'),
    remaining: Math.max(remaining, 0),
    limit: Math.max(remaining, daily),
    // Never reset: the day begins with the import.
    lastReset: row.last_reset_date === null ? now : momentOf(row, 'last_reset_date', timeZone),
  }
}

/** The original repeats itself; the first of several keeps the question's name, so that no model asks it again. */
function withoutRepeats(challenges: StoredChallenge[]): StoredChallenge[] {
  const seen = new Set<string | null>()
  return challenges.map((challenge) => {
    const repeated = seen.has(challenge.fingerprint)
    seen.add(challenge.fingerprint)
    return repeated ? { ...challenge, fingerprint: null } : challenge
  })
}
