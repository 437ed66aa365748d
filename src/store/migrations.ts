import postgresInitial from './migrations/postgres/0000_initial.sql' with { type: 'text' }
import postgresReadyByDate from './migrations/postgres/0001_ready_by_date.sql' with { type: 'text' }
import postgresQuestions from './migrations/postgres/0002_questions.sql' with { type: 'text' }
import postgresQuestionTopics from './migrations/postgres/0003_question_topics.sql' with { type: 'text' }
import postgresAnswers from './migrations/postgres/0004_answers.sql' with { type: 'text' }
import postgresRequestedTopic from './migrations/postgres/0005_requested_topic.sql' with { type: 'text' }
import postgresLibrary from './migrations/postgres/0006_library.sql' with { type: 'text' }
import postgresQuestionFirst from './migrations/postgres/0007_question_first.sql' with { type: 'text' }
import postgresJournal from './migrations/postgres/meta/_journal.json' with { type: 'json' }
import sqliteInitial from './migrations/sqlite/0000_initial.sql' with { type: 'text' }
import sqliteQuestions from './migrations/sqlite/0001_questions.sql' with { type: 'text' }
import sqliteQuestionTopics from './migrations/sqlite/0002_question_topics.sql' with { type: 'text' }
import sqliteAnswers from './migrations/sqlite/0003_answers.sql' with { type: 'text' }
import sqliteRequestedTopic from './migrations/sqlite/0004_requested_topic.sql' with { type: 'text' }
import sqliteLibrary from './migrations/sqlite/0005_library.sql' with { type: 'text' }
import sqliteQuestionFirst from './migrations/sqlite/0006_question_first.sql' with { type: 'text' }
import sqliteJournal from './migrations/sqlite/meta/_journal.json' with { type: 'json' }

/** A migration by Drizzle Kit. `when` is its date in epoch milliseconds, by which Drizzle orders and records it. */
type Migration = { tag: string; when: number; hash: string; statements: string[] }

// The migrations are imported, so that the compiled executable contains them.

export const sqliteMigrations = readMigrations(sqliteJournal.entries, {
  '0000_initial': sqliteInitial,
  '0001_questions': sqliteQuestions,
  '0002_question_topics': sqliteQuestionTopics,
  '0003_answers': sqliteAnswers,
  '0004_requested_topic': sqliteRequestedTopic,
  '0005_library': sqliteLibrary,
  '0006_question_first': sqliteQuestionFirst,
})
export const postgresMigrations = readMigrations(postgresJournal.entries, {
  '0000_initial': postgresInitial,
  '0001_ready_by_date': postgresReadyByDate,
  '0002_questions': postgresQuestions,
  '0003_question_topics': postgresQuestionTopics,
  '0004_answers': postgresAnswers,
  '0005_requested_topic': postgresRequestedTopic,
  '0006_library': postgresLibrary,
  '0007_question_first': postgresQuestionFirst,
})

function readMigrations(
  entries: { tag: string; when: number }[],
  files: Record<string, string>,
): Migration[] {
  return entries.map(({ tag, when }) => {
    const sql = files[tag]
    if (sql === undefined) throw new Error(`The migration ${tag} is in the journal but not imported.`)
    const hash = new Bun.CryptoHasher('sha256').update(sql).digest('hex')
    return { tag, when, hash, statements: sql.split('--> statement-breakpoint') }
  })
}

/** Another version of this server wrote the database. `message` is one sentence for the operator. */
export class WrongVersion extends Error {
  override readonly name = 'WrongVersion'
}

/**
 * Lists the migrations that the database lacks. `last` is `when` of its latest migration, `null` without one.
 * @throws WrongVersion if this program does not know the latest migration, because a newer version applied it
 */
export function listPending(migrations: Migration[], last: number | null): Migration[] {
  if (last === null) return migrations
  if (!migrations.some(({ when }) => when === last))
    throw new WrongVersion(
      'The database was written by a newer version of this server: start that version instead.',
    )
  return migrations.filter(({ when }) => when > last)
}

/**
 * Refuses to upgrade a database, because servers of the older version may still use it. A new database passes.
 * @throws WrongVersion if `pending` are some of the migrations
 */
export function refuseUpgrade(migrations: Migration[], pending: Migration[]) {
  if (pending.length === 0 || pending.length === migrations.length) return
  throw new WrongVersion(
    'The database was written by an older version of this server: stop the servers of that version, back the database up, and start the server of this version once, which migrates it.',
  )
}
