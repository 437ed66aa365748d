export type QuotaRow = { id: number; remaining: number; limit: number; lastReset: number }

export type QuestionRow = {
  id: number
  difficulty: string
  topic: string | null
  title: string
  options: string
  correctAnswerId: number
  explanation: string
  optionNotes: string | null
  source: string
  state: string
}

export const questionColumns = `difficulty, topic, title, options, correct_answer_id AS "correctAnswerId", explanation,
  option_notes AS "optionNotes", source, state`

/** `id` is the id of the assignment. PostgreSQL returns a boolean as `charged`. */
export type ChallengeRow = QuestionRow & {
  dateCreated: number
  charged: number | boolean
  answerId: number | null
  answeredAt: number | null
}

const day = 24 * 60 * 60 * 1000

/** Whether no refill is due: the benchmark measures none. */
export const isCurrent = ({ lastReset }: QuotaRow) => Date.now() - lastReset < day

/** The challenge that an assignment makes of a question. */
export const toAssigned = (question: QuestionRow, id: number, now: number): ChallengeRow => ({
  ...question,
  id,
  dateCreated: now,
  charged: true,
  answerId: null,
  answeredAt: null,
})

/** The answer of the server, member for member. */
export function quotaAnswer(userId: string, { id, remaining, limit, lastReset }: QuotaRow): Response {
  const last = toTime(lastReset)
  return Response.json({
    id,
    user_id: userId,
    quota_remaining: remaining,
    quota_limit: limit,
    last_reset_date: last,
    next_reset_date: toTime(lastReset + day),
    last_reset_data: last,
  })
}

export function challengeAnswer(row: ChallengeRow): Response {
  return Response.json({ ...shared(row), timestamp: toTime(row.dateCreated) })
}

/** A page of `limit` rows. `rows` may hold one more: then another page follows. */
export function historyAnswer(userId: string, rows: ChallengeRow[], limit: number): Response {
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  return Response.json({
    challenges: page.map((row) => ({
      ...shared(row),
      date_created: toTime(row.dateCreated),
      created_by: userId,
      retired: row.state === 'retired',
    })),
    next_cursor: last ? Buffer.from(`${last.dateCreated}.${last.id}`).toString('base64url') : null,
  })
}

/** The answer to a challenge that was answered `answerId` at `answeredAt`. */
export function verdictAnswer(row: ChallengeRow, answerId: number, answeredAt: number): Response {
  return Response.json({
    challenge_id: row.id,
    answer_id: answerId,
    correct: answerId === row.correctAnswerId,
    correct_answer_id: row.correctAnswerId,
    explanation: row.explanation,
    option_notes: parseNotes(row.optionNotes),
    answered_at: toTime(answeredAt),
  })
}

export function refused(status: number): Response {
  return Response.json({ status }, { status })
}

function shared(row: ChallengeRow) {
  const { answerId, answeredAt, correctAnswerId } = row
  return {
    id: row.id,
    difficulty: row.difficulty,
    topic: row.topic,
    title: row.title,
    options: JSON.parse(row.options),
    correct_answer_id: correctAnswerId,
    explanation: row.explanation,
    option_notes: parseNotes(row.optionNotes),
    source: row.source,
    charged: Boolean(row.charged),
    answer:
      answerId === null
        ? null
        : {
            answer_id: answerId,
            correct: answerId === correctAnswerId,
            answered_at: toTime(answeredAt ?? 0),
          },
  }
}

const toTime = (time: number) => new Date(time).toISOString()
const parseNotes = (notes: string | null) => (notes === null ? null : JSON.parse(notes))
