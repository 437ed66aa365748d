import { h } from '../dom.ts'
import { renderAge } from '../time.ts'
import { ApiError, type Challenge, type Listed, type Recorded } from './api.ts'
import type { Call } from './client.ts'
import { type Solution, toSolution } from './solution.ts'

/** Answers a challenge. The first answer counts, so another answer than the first one gets the first one's solution. */
export async function sendAnswer(call: Call, { id }: Challenge, option: number): Promise<Solution> {
  const path = `/api/challenges/${id}`
  try {
    const request = { method: 'POST', path: `${path}/answer`, body: { answer_id: option } } as const
    const recorded = await call<Recorded>(request, { shown: true })
    const { answer_id: chosen, correct_answer_id: right, explanation, option_notes: notes } = recorded
    return { chosen, right, explanation, notes }
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'already_answered') throw error
    const answered = await call<Listed>({ method: 'GET', path })
    const solution = toSolution(answered, answered.answer?.answer_id ?? option)
    if (!solution) throw error
    return {
      ...solution,
      remark: 'You have answered this challenge before, differently: the first answer counts.',
    }
  }
}

/** Compares an option with the known key, without recording it. @throws ApiError if the key is not known */
export async function practise(challenge: Challenge, option: number): Promise<Solution> {
  const solution = toSolution(challenge, option)
  if (!solution) throw new ApiError('The server has not revealed the answer.')
  return { ...solution, remark: 'This was practice: your first answer stays on record.' }
}

/** Renders that an answer is practice. */
export function renderPracticeNote({ correct, answered_at }: NonNullable<Challenge['answer']>): HTMLElement {
  return h(
    'p',
    { class: 'note small' },
    `Practice: your first answer was ${correct ? 'right' : 'wrong'}, `,
    renderAge(answered_at),
    '. It stays on record.',
  )
}
