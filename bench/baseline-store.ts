/** The statements and transactions of the baseline on SQLite, as durable as the server's. */
import { Database } from 'bun:sqlite'
import { findSuspicion } from '../src/suspicion.ts'
import {
  type ChallengeRow,
  isCurrent,
  type QuestionRow,
  type QuotaRow,
  questionColumns,
  toAssigned,
} from './baseline-answers.ts'
import { prepareDraw } from './baseline-library.ts'

type Figures = Omit<Parameters<typeof findSuspicion>[0], 'answers' | 'kept'> &
  Record<'kept' | 'answers0' | 'answers1' | 'answers2' | 'answers3', number>

/** Opens the file. A library of `librarySize` questions or more serves claims before the pool; 0: no library. */
export function openBaselineStore(path: string, credits: number, librarySize: number) {
  const file = new Database(path, { strict: true })
  file.run('PRAGMA busy_timeout = 5000')
  file.run('PRAGMA journal_mode = WAL')
  file.run('PRAGMA synchronous = FULL')
  file.run('PRAGMA foreign_keys = ON')

  const { selectQuota, openQuota, charge } = prepareQuotas(file, credits)
  const takeReady = prepareTakeReady(file)
  const draw = prepareDraw(file, librarySize)
  const assign = file.query<{ id: number }, [number, string, number]>(
    'INSERT INTO assignments (question_id, created_by, date_created) VALUES (?, ?, ?) RETURNING id',
  )

  const claim = file.transaction((userId: string, difficulty: string, now: number) => {
    const quota = selectQuota.get(userId)
    if (!quota || !isCurrent(quota) || quota.remaining === 0) return undefined
    const question = (librarySize > 0 && draw(userId, difficulty)) || takeReady(difficulty)
    if (!question) return undefined
    const assigned = assign.get(question.id, userId, now)
    charge.run(userId)
    return toAssigned(question, assigned?.id ?? 0, now)
  }).immediate

  return { selectQuota, openQuota, claim, ...prepareRecords(file) }
}

function prepareQuotas(file: Database, credits: number) {
  const selectQuota = file.query<QuotaRow, [string]>(
    'SELECT id, quota_remaining AS remaining, coalesce(quota_limit, quota_remaining) AS "limit", last_reset_date AS lastReset FROM challenge_quotas WHERE user_id = ?',
  )
  const insertQuota = file.query<{ id: number }, [string, number, number, number]>(
    'INSERT INTO challenge_quotas (user_id, quota_remaining, quota_limit, last_reset_date) VALUES (?, ?, ?, ?) RETURNING id',
  )
  const openQuota = file.transaction((userId: string): QuotaRow => {
    const stored = selectQuota.get(userId)
    if (stored) return stored
    const opened = { remaining: credits, limit: credits, lastReset: Date.now() }
    return { id: insertQuota.get(userId, credits, credits, opened.lastReset)?.id ?? 0, ...opened }
  }).immediate
  const charge = file.query<null, [string]>(
    'UPDATE challenge_quotas SET quota_remaining = quota_remaining - 1 WHERE user_id = ?',
  )
  return { selectQuota, openQuota, charge }
}

function prepareTakeReady(file: Database) {
  const firstReady = file.query<QuestionRow, [string]>(
    `SELECT id, ${questionColumns} FROM questions WHERE difficulty = ? AND state = 'ready'
      ORDER BY date_created, id LIMIT 1`,
  )
  const circulate = file.query<null, [number]>(`UPDATE questions SET state = 'circulating' WHERE id = ?`)
  return function takeReady(difficulty: string): QuestionRow | undefined {
    const question = firstReady.get(difficulty)
    if (!question) return undefined
    circulate.run(question.id)
    return question
  }
}

/** Histories and answers. The columns and the join are those of the view `challenges`. */
function prepareRecords(file: Database) {
  const select = `SELECT assignments.id, assignments.date_created AS dateCreated, charged, answer_id AS answerId,
    answered_at AS answeredAt, ${questionColumns}
    FROM assignments JOIN questions ON questions.id = assignments.question_id`
  const selectHistory = file.query<ChallengeRow, [string, number]>(
    `${select} WHERE created_by = ? ORDER BY assignments.date_created DESC, assignments.id DESC LIMIT ?`,
  )
  const selectChallenge = file.query<ChallengeRow, [number, string]>(
    `${select} WHERE assignments.id = ? AND created_by = ?`,
  )
  const setAnswer = file.query<
    { questionId: number },
    [number, number, boolean, string, string | null, number]
  >(
    `UPDATE assignments SET answer_id = ?, answered_at = ?, answer_correct = ?, answer_difficulty = ?, answer_topic = ?
      WHERE id = ? AND answer_id IS NULL RETURNING question_id AS questionId`,
  )
  const countAnswer = [0, 1, 2, 3].map((option) =>
    file.query<Figures, [number]>(
      `UPDATE questions SET answers_${option} = answers_${option} + 1 WHERE id = ?
        RETURNING state, source, correct_answer_id AS correctAnswerId, answers_0 AS answers0, answers_1 AS answers1,
          answers_2 AS answers2, answers_3 AS answers3, reports, kept, cleared_answers AS clearedAnswers,
          cleared_reports AS clearedReports`,
    ),
  )

  /** Records the first answer. Returns the challenge with the answer that counts. */
  const answer = file.transaction(
    (userId: string, challengeId: number, answerId: number, now: number): ChallengeRow | null => {
      const challenge = selectChallenge.get(challengeId, userId)
      if (!challenge || challenge.answerId !== null) return challenge
      const { correctAnswerId, difficulty, topic } = challenge
      const correct = answerId === correctAnswerId
      const answered = setAnswer.get(answerId, now, correct, difficulty, topic, challengeId)
      const figures = countAnswer[answerId]?.get(answered?.questionId ?? 0)
      if (!figures) throw new Error(`Challenge ${challengeId} has no question.`)
      const { kept, answers0, answers1, answers2, answers3 } = figures
      const votes = [answers0, answers1, answers2, answers3]
      if (findSuspicion({ ...figures, kept: kept === 1, answers: votes }))
        throw new Error('The benchmark measures no suspicions.')
      return { ...challenge, answerId, answeredAt: now }
    },
  ).immediate

  return { selectHistory, answer }
}
