import { expect, test } from 'bun:test'
import { addChallenges } from '../support/database.ts'
import { useServer } from '../support/shared-server.ts'

const shared = useServer()
const json = { 'content-type': 'application/json' }
let lastId = 0

/** Gives `user_1` a new challenge and returns its id. */
function give(): number {
  addChallenges(shared(), [{ id: ++lastId }])
  return lastId
}

test.each(['"1"', '1.5', '-1', '4', '1e99', 'true', 'null', '[1]', '{}', '""'])(
  'the answer %s is 400 and changes nothing',
  async (value) => {
    const id = give()
    const init = { method: 'POST', headers: json, body: `{"answer_id":${value}}` }
    const answer = await shared().as('user_1', `/api/challenges/${id}/answer`, init)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      code: 'invalid_request',
      detail: 'answer_id must be 0, 1, 2 or 3: the index of an option.',
    })
    expect((await shared().challenge('user_1', id)).body.answer).toBeNull()
  },
)

test.each(['0', '-0', '0.0', '3.0', '3e0'])('the number %s is an answer', async (value) => {
  const id = give()
  const init = { method: 'POST', headers: json, body: `{"answer_id":${value},"unknown":{}}` }
  const answer = await shared().as('user_1', `/api/challenges/${id}/answer`, init)
  const counted = Number(value) || 0
  expect(await answer.json()).toMatchObject({ answer_id: counted })
  expect((await shared().challenge('user_1', id)).body.answer?.answer_id).toBe(counted)
})

test.each([
  '0',
  '-1',
  '01',
  '1e3',
  '1.0',
  '%20',
  'x',
  '9007199254740992',
  '9'.repeat(30),
  '9007199254740991',
  '\u0661',
])('no challenge has the id %s: 404', async (id) => {
  const body = 'You have no challenge with this id.'
  for (const { problem } of [
    await shared().challenge('user_1', id),
    await shared().answer('user_1', id, 1),
    await shared().report('user_1', id, { reason: 'other' }),
  ])
    expect(problem).toMatchObject({ status: 404, code: 'not_found', detail: body })
})
