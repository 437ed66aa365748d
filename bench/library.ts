import { copyFileSync } from 'node:fs'
import { difficulties } from '../src/question.ts'
import { topicIds } from '../src/topics.ts'
import { diskFolder } from '../tests/support/folder.ts'
import type { Result, Side } from './comparison.ts'
import { change, numbers, openNew, textColumns, texts, textValues, toTopicSql } from './data.ts'
import { claimsOf } from './requests.ts'
import { createComparer, type Plan } from './rows.ts'
import { manyCredits, startBaseline, startServer } from './servers.ts'

const learner = 'user_learner'
const many = 1_000_000
/** The learner has not had half of them: more than a server assigns in a second. */
const few = 60_000
/** The default of `LIBRARY_SIZE`. */
const librarySize = 1000
const libraries = difficulties.length * topicIds.length

/**
 * Compares claims from a library of a million questions with the baseline's, and with claims from a small library. The
 * learner has had every second question of each library.
 */
export async function compareLibraries(plan: Plan, report: (result: Result) => void) {
  if (!plan.wants('library')) return
  using folder = diskFolder()
  const paths = ['large', 'copy', 'small'].map((name) => `${folder.path}/${name}.db`)
  const [large = '', copy = '', small = ''] = paths
  createLibrary(large, many)
  copyFileSync(large, copy)
  createLibrary(small, few)
  const log = `${folder.path}/server.log`
  const begin = (path: string) =>
    startServer({
      log,
      database: `file:${path}`,
      modelUrl: plan.model.url,
      env: { LIBRARY_SIZE: String(librarySize) },
    })
  await using server = await begin(large)
  const requests = await claimsOf(learner)
  const compareWith = (work: string, second: typeof server, files: Record<Side, string>, target: number) =>
    createComparer(
      plan,
      folder.path,
      { first: server, second },
      report,
    )({
      work,
      requests,
      prepare: (side) => takeBack(files[side], files[side] === small ? few : many),
      target,
    })

  const work = '`POST /api/generate-challenge`, from a library of a million, half of it had'
  await using baseline = await startBaseline(folder.path, copy, { librarySize })
  await compareWith(`${work}, against the baseline`, baseline, { first: large, second: copy }, 1.5)
  await using other = await begin(small)
  await compareWith(`${work}, against a library of ${few}`, other, { first: large, second: small }, 0.9)
}

/** The number of questions in each library. */
const toSize = (count: number) => Math.floor(count / libraries)

/** Makes a database with `count` questions in the libraries of all difficulties and topics. */
function createLibrary(path: string, count: number) {
  const file = openNew(path)
  const now = Date.now()
  const difficulty = `CASE i % 3 ${difficulties.map((name, n) => `WHEN ${n} THEN '${name}'`).join(' ')} END`
  const library = `i % ${libraries}`
  file.transaction(() => {
    file
      .query(`INSERT INTO challenge_quotas (user_id, quota_remaining, quota_limit, last_reset_date)
        VALUES ($learner, $credits, $credits, $now)`)
      .run({ learner, credits: manyCredits, now })
    file
      .query(`${numbers} INSERT INTO libraries (id, difficulty, topic, size, circulating)
        SELECT i + 1, ${difficulty}, ${toTopicSql('i / 3')}, $each, $each FROM numbers`)
      .run({ count: libraries, each: toSize(count) })
    file
      .query(`${numbers} INSERT INTO questions (difficulty, topic, date_created, fingerprint, library_id, position,
          ${textColumns})
        SELECT ${difficulty}, ${toTopicSql('i / 3')}, $now - $count + i, format('%064d', i), ${library} + 1,
          i / ${libraries}, ${textValues} FROM numbers`)
      .run({ count: libraries * toSize(count), now, ...texts })
    file
      .query(`INSERT INTO assignments (question_id, created_by, date_created)
        SELECT id, $learner, date_created FROM questions WHERE position % 2 = 0 ORDER BY id`)
      .run({ learner })
  })()
  file.close()
}

/** Takes back the claims of the measurement, so that every load begins with the same library. */
function takeBack(path: string, count: number) {
  change(path, (file) => {
    file.query('DELETE FROM assignments WHERE id > ?').run(libraries * Math.ceil(toSize(count) / 2))
    file.run('DELETE FROM walks')
  })
}
