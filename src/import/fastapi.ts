import { toFingerprint } from '../fingerprint.ts'
import type { ImportedAssignment, ImportedQuestion, ImportedRows } from '../store/imported.ts'
import { readSqliteFile } from '../store/sqlite/read-file.ts'
import {
  parseDifficulty,
  parseId,
  parseInteger,
  parseOptions,
  parseText,
  parseTimestamp,
  type Row,
} from './columns.ts'

type Options = {
  /** An IANA name: the zone of dates without an offset. */
  timeZone: string
  /** Epoch milliseconds. */
  now: number
  /** The limit of the imported quotas. */
  daily: number
}

/** Rows, and a sentence for each row that cannot be imported. */
type ReadRows = ImportedRows & { refused: string[] }

/**
 * Reads a database of the FastAPI server (SQLAlchemy on SQLite). Opens the file read-only.
 * @throws Error with one sentence if the file cannot be read, or is not such a database
 */
export function readFastApi(path: string, options: Options): ReadRows {
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
  const { challengeRows, quotaRows } = readRows(path)
  const challenges = read('challenges', challengeRows, (row) => toChallenge(row, options.timeZone))
  const quotas = read('challenge_quotas', quotaRows, (row) => toQuota(row, options))
  const questions = dropRepeats(challenges.map(({ question }) => question))
  return { questions, assignments: challenges.map(({ assignment }) => assignment), quotas, refused }
}

function readRows(path: string) {
  return readSqliteFile(path, (file, owner) => {
    if (owner.startsWith('this server'))
      throw new Error(`${path} is a database of this server: move it with \`bun run transfer ${path}\`.`)
    if (owner !== 'FastAPI server')
      throw new Error(`${path} is a SQLite database, but not one of the FastAPI server.`)
    return {
      challengeRows: file.query<Row, []>('SELECT * FROM challenges ORDER BY id').all(),
      quotaRows: file.query<Row, []>('SELECT * FROM challenge_quotas ORDER BY id').all(),
    }
  })
}

function toChallenge(
  row: Row,
  timeZone: string,
): { question: ImportedQuestion; assignment: ImportedAssignment } {
  const options = parseOptions(row)
  const title = parseText(row, 'title')
  const createdBy = parseText(row, 'created_by')
  // A row without a date is the oldest of its user's history.
  const dateCreated = row.date_created === null ? 0 : parseTimestamp(row, 'date_created', timeZone)
  const correctAnswerId = parseInteger(row, 'correct_answer_id')
  if (![0, 1, 2, 3].includes(correctAnswerId)) throw new Error('correct_answer_id is not 0 to 3')
  const content = {
    difficulty: parseDifficulty(row),
    title,
    options,
    correctAnswerId,
    explanation: parseText(row, 'explanation'),
  }
  const id = parseId(row)
  const questionKey = toKey(Object.values(content))
  return {
    question: {
      ...content,
      id,
      key: questionKey,
      topic: null,
      language: null,
      optionNotes: null,
      source: 'ai',
      state: 'circulating',
      dateCreated,
      fingerprint: toFingerprint(title, null),
      bankId: null,
      answers: [0, 0, 0, 0],
      reports: 0,
    },
    assignment: {
      id,
      // Version 1.0.0 derived the same key, so rows that it imported are skipped.
      key: toKey([row.id, createdBy, row.date_created, title, options]),
      questionKey,
      createdBy,
      dateCreated,
      idempotencyKey: null,
      requestedTopic: null,
      charged: true,
      answerId: null,
      answeredAt: null,
      reportReason: null,
      reportComment: null,
      reportedAt: null,
    },
  }
}

function toKey(values: unknown[]): string {
  return `original ${new Bun.CryptoHasher('sha256').update(JSON.stringify(values)).digest('hex')}`
}

function toQuota(row: Row, { timeZone, now, daily }: Options): ImportedRows['quotas'][number] {
  const remaining = parseInteger(row, 'quota_remaining')
  return {
    id: parseId(row),
    userId: parseText(row, 'user_id'),
    remaining: Math.max(remaining, 0),
    limit: Math.max(remaining, daily),
    // The period of a quota that was never reset begins with the import.
    lastReset: row.last_reset_date === null ? now : parseTimestamp(row, 'last_reset_date', timeZone),
  }
}

/** Keeps one row for each question and one fingerprint for each text: the FastAPI server repeated questions. */
function dropRepeats(questions: ImportedQuestion[]): ImportedQuestion[] {
  const byKey = new Map(questions.toReversed().map((question) => [question.key, question]))
  const fingerprints = new Set<string | null>()
  return [...byKey.values()].reverse().map((question) => {
    const isRepeat = fingerprints.has(question.fingerprint)
    fingerprints.add(question.fingerprint)
    return isRepeat ? { ...question, fingerprint: null } : question
  })
}
