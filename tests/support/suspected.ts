import { parallel, until } from './async.ts'
import type { Model } from './model.ts'
import type { Server } from './server.ts'

/** The texts of the shared question. Its key is the third option. */
export const options = ['one', 'two', 'three', 'four']

/** Gives one question by the model to the learners `user_1` to `user_<count>`, whose challenges have the ids 1 to `count`. */
export function shareQuestion(server: Pick<Server, 'database'>, count: number, title = 'Shared?') {
  using database = server.database()
  const question = database.query<{ id: number }, (string | number)[]>(
    `INSERT INTO questions (difficulty, topic, language, title, options, correct_answer_id, explanation, fingerprint)
      VALUES ('easy', 'go', 'go', ?, ?, 2, 'Because.', ?) RETURNING id`,
  )
  const { id } = question.get(title, JSON.stringify(options), title) as { id: number }
  const assign = database.query(
    'INSERT INTO assignments (question_id, created_by, date_created) VALUES (?, ?, 1) RETURNING id',
  )
  const learners = Array.from({ length: count }, (_, n) => {
    const userId = `user_${n + 1}`
    return { userId, challengeId: Number((assign.get(id, userId) as { id: number }).id) }
  })
  return { id, learners }
}

type Shared = ReturnType<typeof shareQuestion>

/** Twelve of these fifteen learners choose the first option, three the key. */
export async function reveal(server: Pick<Server, 'answer'>, { learners }: Shared) {
  await parallel(15, async (n) => {
    const { userId, challengeId } = learners[n] ?? { userId: '', challengeId: 0 }
    return (await server.answer(userId, challengeId, n < 12 ? 0 : 2)).body
  })
}

/** The state of a question, and until when one process has it. */
export function readQuestion(server: Pick<Server, 'database'>, { id }: Pick<Shared, 'id'>) {
  using database = server.database()
  const read = database.query<{ state: string; until: number }, [number]>(
    'SELECT state, look_until AS until FROM questions WHERE id = ?',
  )
  return read.get(id) ?? { state: 'missing', until: 0 }
}

/** The values of the metrics whose names begin with `prefix`. */
export async function readMetrics(server: Pick<Server, 'fetch'>, prefix: string) {
  const text = await (await server.fetch('/metrics')).text()
  const lines = text.split('\n').filter((line) => line.startsWith(prefix))
  return Object.fromEntries(lines.map((line) => line.split(' ') as [string, string]))
}

/** Lets the model solve every question so. */
export function solveAs(model: Model, answer: string | null) {
  model.review = () => ({ reason: 'Solved.', answer })
}

export const untilState = (server: Pick<Server, 'database'>, shared: { id: number }, state: string) =>
  until(() => readQuestion(server, shared).state === state, `the question is ${state}`)
