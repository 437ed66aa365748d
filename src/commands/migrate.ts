import { Database } from 'bun:sqlite'
import { openStore } from '../compose.ts'
import type { Config } from '../config.ts'
import type { Difficulty, Source, StoredChallenge, Takeover } from '../store/store.ts'
import { takeOverAll } from './takeover.ts'

/**
 * `migrate <challenges.db>`: moves a SQLite database of ours to the one that is configured, ids included. It may be
 * repeated, so a first run can be made while the old server is still up, and a last one after it has stopped.
 * @throws Error with one sentence when the file cannot be read.
 */
export async function migrate(config: Config, [path]: string[]) {
  if (!path) throw new Error('Usage: DATABASE_URL=postgres://… bun run migrate <challenges.db>')
  const { database } = config
  if (database.engine === 'sqlite' && database.path === path) {
    throw new Error('DATABASE_URL names the file that is to be moved: set it to where the rows should go.')
  }
  const rows = readOurs(path)
  const store = await openStore(config)
  await takeOverAll(store, rows).finally(() => store.close())
}

function readOurs(path: string): Takeover {
  try {
    using file = new Database(path, { readonly: true, create: false, strict: true })
    const challenges = file.query<ChallengeRow, []>('SELECT * FROM challenges ORDER BY id').all()
    const quotas = file.query<QuotaRow, []>('SELECT * FROM challenge_quotas ORDER BY id').all()
    return { challenges: challenges.map(challengeOf), quotas: quotas.map(quotaOf) }
  } catch (error) {
    throw new Error(
      `${path} is not a database of this server: ${error instanceof Error ? error.message : ''}.`,
    )
  }
}

type ChallengeRow = {
  id: number
  difficulty: Difficulty
  date_created: number
  created_by: string | null
  title: string
  options: string
  correct_answer_id: number
  explanation: string
  source: Source
  fingerprint: string | null
  bank_id: string | null
  idempotency_key: string | null
  import_key: string | null
}

type QuotaRow = {
  id: number
  user_id: string
  quota_remaining: number
  quota_limit: number | null
  last_reset_date: number
}

function challengeOf(row: ChallengeRow): StoredChallenge {
  return {
    id: row.id,
    difficulty: row.difficulty,
    dateCreated: row.date_created,
    createdBy: row.created_by,
    title: row.title,
    options: JSON.parse(row.options),
    correctAnswerId: row.correct_answer_id,
    explanation: row.explanation,
    source: row.source,
    fingerprint: row.fingerprint,
    bankId: row.bank_id,
    idempotencyKey: row.idempotency_key,
    importKey: row.import_key ?? `migrated ${row.id}`,
  }
}

function quotaOf(row: QuotaRow): Takeover['quotas'][number] {
  return {
    id: row.id,
    userId: row.user_id,
    remaining: row.quota_remaining,
    limit: row.quota_limit ?? row.quota_remaining,
    lastReset: row.last_reset_date,
  }
}
