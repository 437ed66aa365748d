export type QuotaRow = { id: number; remaining: number; limit: number; lastReset: number }

export type ChallengeRow = {
  id: number
  difficulty: string
  dateCreated: number
  title: string
  options: string
  correctAnswerId: number
  explanation: string
  source: string
}

const day = 24 * 60 * 60 * 1000

/** Whether no refill is due: the benchmark measures none. */
export const isCurrent = ({ lastReset }: QuotaRow) => Date.now() - lastReset < day

/** The answer of the server, member for member. */
export function quotaAnswer(userId: string, { id, remaining, limit, lastReset }: QuotaRow): Response {
  const last = new Date(lastReset).toISOString()
  return Response.json({
    id,
    user_id: userId,
    quota_remaining: remaining,
    quota_limit: limit,
    last_reset_date: last,
    next_reset_date: new Date(lastReset + day).toISOString(),
    last_reset_data: last,
  })
}

export function challengeAnswer(row: ChallengeRow, now: number): Response {
  return Response.json({ ...shared(row), timestamp: new Date(now).toISOString() })
}

/** A page of `limit` rows. `rows` may hold one more: then another page follows. */
export function historyAnswer(userId: string, rows: ChallengeRow[], limit: number): Response {
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  return Response.json({
    challenges: page.map((row) => ({
      ...shared(row),
      date_created: new Date(row.dateCreated).toISOString(),
      created_by: userId,
    })),
    next_cursor: last ? Buffer.from(`${last.dateCreated}.${last.id}`).toString('base64url') : null,
  })
}

function shared({ id, difficulty, title, options, correctAnswerId, explanation, source }: ChallengeRow) {
  return {
    // 64-bit numbers of PostgreSQL arrive as text.
    id: Number(id),
    difficulty,
    title,
    options: JSON.parse(options),
    correct_answer_id: correctAnswerId,
    explanation,
    source,
  }
}

export function refused(status: number): Response {
  return Response.json({ status }, { status })
}
