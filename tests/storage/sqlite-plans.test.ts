import type { Database } from 'bun:sqlite'
import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/bun-sqlite'
import type { Catalogue } from '../../src/store/catalogue.ts'
import { createSoundness } from '../../src/store/soundness.ts'
import { createCatalogue } from '../../src/store/sqlite/catalogue.ts'
import { claim } from '../../src/store/sqlite/claim.ts'
import { openSqliteFile } from '../../src/store/sqlite/opening.ts'
import { answerListSql, toHistorySql } from '../../src/store/sqlite/plain-sql.ts'
import { recordAnswer, recordReport } from '../../src/store/sqlite/records.ts'
import { prepareStatements } from '../../src/store/sqlite/statements.ts'
import { createSuspects } from '../../src/store/sqlite/suspects.ts'
import type { Supply } from '../../src/store/store.ts'
import type { Suspects } from '../../src/store/suspects.ts'
import { topicIds } from '../../src/topics.ts'
import { noon } from '../support/clock.ts'
import { claimOf, policy, question } from '../support/contract.ts'
import { temporaryFolder } from '../support/folder.ts'

/** The indexes of few questions: those of the bank, and those in a state that few have. */
const small = /USING (COVERING )?INDEX questions_(bank|ready|ready_topic|entering|suspected|retired)\b/

/** Runs each kind of request once. Returns the statements that are prepared once, and all statements. */
async function collectStatements(file: Database) {
  const statements = new Set<string>()
  const db = drizzle({ client: file, logger: { logQuery: (sql) => void statements.add(sql) } })
  const run = prepareStatements(db, topicIds)
  const sound = createSoundness(() => undefined)
  const claimFrom = (supply: Supply, more = {}) =>
    claim(run, policy, claimOf('user_1', { supply, ...more }), { sound, offered: topicIds })
  claimFrom({ from: 'library' })
  claimFrom({ from: 'model', question: question() }, { idempotencyKey: 'key' })
  claimFrom({ from: 'pool', librarySize: 1 })
  claimFrom({ from: 'pool', librarySize: 1 }, { topic: 'sql' })
  claimFrom({ from: 'bank', questions: [question({ bankId: 'entry' })], repeats: false, free: true })
  const held = { userId: 'user_1', challengeId: 1, now: noon }
  recordAnswer(run, sound, { ...held, answerId: 0 })
  recordReport(run, sound, { ...held, reason: 'other', comment: null })
  run.countReady.all()
  run.countLibraries.all()
  const known = { topic: 'sql', oldest: 0, newest: 1 }
  run.countRecent.get(known)
  run.countRecentOfNone.get(known)
  run.listNewer.all(known)
  run.listNewerOfNone.all(known)
  await useSuspects(createSuspects(run, transact, transact, sound))
  const prepared = [...statements]
  await useCatalogue(createCatalogue(db, transact, sound))
  return { prepared, statements: [...statements] }
}

const transact = async <T>(work: () => T) => work()

async function useSuspects(suspects: Suspects) {
  await suspects.takeSuspect(noon, noon + 1)
  await suspects.decide(1, 'retire')
  await suspects.countSuspects()
}

async function useCatalogue(catalogue: Catalogue) {
  await catalogue.listFigures({ after: 0, limit: 10 })
  await catalogue.listLibrary({ after: 0, limit: 10 })
  await catalogue.listReports(1, 10)
  await catalogue.sampleAnswers(1, 10)
}

test('no statement reads all questions or assignments, and no page is sorted, in a database without statistics', async () => {
  using folder = temporaryFolder()
  using file = openSqliteFile(join(folder.path, 'test.db'))
  const { statements } = await collectStatements(file)
  expect(statements.length).toBeGreaterThan(30)
  // A plan has the check of the foreign keys too, which an insert only needs after a violation.
  file.run('PRAGMA foreign_keys = OFF')
  const planned = statements.flatMap((sql) => {
    const plan = file.prepare<{ detail: string }, []>(`EXPLAIN QUERY PLAN ${sql}`).all()
    return plan.map(({ detail }) => ({ sql, detail }))
  })
  const large = planned.filter(
    ({ detail }) =>
      /(SCAN|SEARCH) (questions|assignments)\b/.test(detail) &&
      !/=|rowid>/.test(detail) &&
      !small.test(detail),
  )
  expect(large).toEqual([])
  // For each question of a loop, a statement reads the assignments of this question, not all those of the user.
  const inner = planned.filter(
    ({ sql, detail }) => /cross join "assignments"/.test(sql) && /assignments/.test(detail),
  )
  expect(inner.map(({ detail }) => detail.replace(/^.* INDEX /, ''))).toEqual([
    'assignments_question (question_id=? AND created_by=?)',
  ])
  const pages = planned.filter(({ sql }) => sql.includes('"id" > ?'))
  expect(pages).not.toBeEmpty()
  expect(pages.filter(({ detail }) => detail.includes('TEMP B-TREE'))).toEqual([])
})

test('no statement compares a column with a bare parameter or limits rows by one: SQLite would compile it at each call', async () => {
  using folder = temporaryFolder()
  using file = openSqliteFile(join(folder.path, 'test.db'))
  const { prepared } = await collectStatements(file)
  const position = { dateCreated: noon, id: 1 }
  const page = toHistorySql({ difficulty: 'easy', topic: 'sql', answer: 'right', after: position })
  // The values that an update sets do not matter.
  const conditions = [...prepared, page, answerListSql].map((sql) =>
    sql.replace(/ set .*?(?= where | from | returning |$)/s, ''),
  )
  expect(conditions.filter((sql) => /where.*\+[?$]/s.test(sql)).length).toBeGreaterThan(20)
  expect(conditions.filter((sql) => /(?:[=<>]|\b(?:in|like|limit)) *\(?[?$]/i.test(sql))).toEqual([])
})
