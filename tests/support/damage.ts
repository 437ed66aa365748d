import type { EngineServer } from './engines.ts'

const ofChallenge = (id: number) => `id = (SELECT question_id FROM assignments WHERE id = ${id})`
export const setQuestion = (set: string) => (id: number) =>
  `UPDATE questions SET ${set} WHERE ${ofChallenge(id)}`
export const setAssignment = (set: string) => (id: number) => `UPDATE assignments SET ${set} WHERE id = ${id}`

/** Kinds of damage to a challenge, each with a statement that does it. */
export const damages: [string, (id: number) => string][] = [
  ['options that are not JSON', setQuestion(`options = 'secret'`)],
  ['options that break off', setQuestion(`options = '["a", "b'`)],
  ['three options', setQuestion(`options = '["a", "b", "c"]'`)],
  ['an option that is a number', setQuestion(`options = '["a", "b", "c", 4]'`)],
  ['options that are an object', setQuestion(`options = '{"a": 1, "b": 2, "c": 3, "d": 4}'`)],
  ['notes that are not four', setQuestion(`option_notes = '["a"]'`)],
  ['an empty title', setQuestion(`title = ''`)],
  ['a wrong key', setQuestion('correct_answer_id = 4')],
  ['an unknown difficulty', setQuestion(`difficulty = 'impossible'`)],
  ['an unknown source', setQuestion(`source = 'me'`)],
  ['a date beyond all dates', setAssignment('date_created = 8640000000000001')],
  ['an answer of 7', setAssignment('answer_id = 7, answered_at = 1')],
]

/** The samples of a metric by their labels. */
export async function readDamageMetric({ server }: EngineServer) {
  const text = await (await server.fetch('/metrics')).text()
  const samples = [...text.matchAll(/^damaged_rows_total\{table="(\w+)"\} (\d+)$/gm)]
  return Object.fromEntries(samples.map(([, table = '', count]) => [table, Number(count)]))
}

/** The ids of a history that is read one challenge at a time. */
export async function listIds({ server }: EngineServer, user: string) {
  const ids: number[] = []
  for (let cursor = ''; ; ) {
    const { body } = await server.history(user, `?limit=1${cursor && `&cursor=${cursor}`}`)
    ids.push(...body.challenges.map(({ id }) => id))
    if (body.next_cursor === null) return ids
    cursor = body.next_cursor
  }
}
