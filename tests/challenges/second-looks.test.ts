import { expect, setDefaultTimeout, test } from 'bun:test'
import { until } from '../support/async.ts'
import { startModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'
import {
  options,
  readMetrics,
  readQuestion,
  reveal,
  shareQuestion,
  solveAs,
  untilState,
} from '../support/suspected.ts'

setDefaultTimeout(60_000)

test('a wrong key that fifteen learners reveal is retired', async () => {
  await using model = startModel()
  await using server = await startServer({ model })
  solveAs(model, 'one')
  const shared = shareQuestion(server, 17)

  await reveal(server, shared)

  await untilState(server, shared, 'retired')
  expect(model.requests.map(({ kind }) => kind)).toEqual(['review'])
  expect(await readMetrics(server, 'questions_')).toMatchObject({
    'questions_suspected_total{reason="answers"}': '1',
    'questions_suspected_total{reason="reports"}': '0',
    questions_cleared_total: '0',
    questions_retired_total: '1',
    'questions_out_of_circulation{state="suspected"}': '0',
    'questions_out_of_circulation{state="retired"}': '1',
  })
  const { id: questionId } = shared
  const suspected = { questionId, difficulty: 'easy', topic: 'go', reason: 'answers' }
  expect(server.lines).toContainEqual(expect.objectContaining(suspected))
  const retired = { questionId, msg: 'a suspected question was retired' }
  expect(server.lines).toContainEqual(expect.objectContaining(retired))
})

test('a retired question is marked in histories, left out of progress, and can be answered and reported', async () => {
  await using model = startModel()
  await using server = await startServer({ model })
  solveAs(model, 'one')
  const shared = shareQuestion(server, 17)
  await reveal(server, shared)
  await untilState(server, shared, 'retired')
  const late = shared.learners[16] ?? { userId: '', challengeId: 0 }

  expect((await server.answer(late.userId, late.challengeId, 2)).body).toMatchObject({ correct: true })
  expect((await server.report(late.userId, late.challengeId, { reason: 'wrong_key' })).status).toBe(200)

  for (const userId of ['user_1', late.userId]) {
    const { challenges } = (await server.history(userId)).body
    expect(challenges).toMatchObject([
      { title: 'Shared?', retired: true, answer: { answer_id: expect.any(Number) } },
    ])
    expect((await server.progress(userId)).body).toMatchObject({ answered: 0, correct: 0, days: [] })
  }
})

test('a trap question is kept: three blind solutions confirm the key, and it is looked at again after as many answers', async () => {
  await using model = startModel()
  await using server = await startServer({ model })
  solveAs(model, 'three')
  const shared = shareQuestion(server, 30)

  await reveal(server, shared)

  await until(() => model.calls('review') === 3, 'three solutions are asked for')
  await untilState(server, shared, 'circulating')
  for (const { body } of model.requests) {
    const task = body.messages.at(-1)?.content ?? ''
    expect(task).toContain('Shared?')
    expect(task).toContain('Language: go.')
    expect(JSON.parse(task.slice(task.indexOf('[')))).toEqual(options)
    expect(task).not.toContain('Because.')
  }
  for (const { userId, challengeId } of shared.learners.slice(15, 29))
    await server.answer(userId, challengeId, 0)
  expect(await readMetrics(server, 'questions_')).toMatchObject({
    'questions_suspected_total{reason="answers"}': '1',
    questions_cleared_total: '1',
    questions_retired_total: '0',
  })
  await server.answer('user_30', shared.learners[29]?.challengeId ?? 0, 0)
  await until(() => model.calls('review') === 6, 'there is another second look')
})

test('three reports lead to a second look, and a solver who finds no answer retires the question', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { REVIEW: 'on' } })
  solveAs(model, null)
  const shared = shareQuestion(server, 3)

  for (const { userId, challengeId } of shared.learners) {
    expect(readQuestion(server, shared).state).toBe('circulating')
    await server.report(userId, challengeId, { reason: 'unclear' })
  }

  await untilState(server, shared, 'retired')
  expect(await readMetrics(server, 'questions_suspected')).toMatchObject({
    'questions_suspected_total{reason="reports"}': '1',
  })
})

test('one solution of three that differs retires the question', async () => {
  await using model = startModel()
  await using server = await startServer({ model })
  model.review = () => ({ reason: 'Solved.', answer: model.calls('review') < 3 ? 'three' : 'two' })
  const shared = shareQuestion(server, 15)

  await reveal(server, shared)

  await untilState(server, shared, 'retired')
  expect(model.calls('review')).toBe(3)
})
