import { beforeAll, expect, test } from 'bun:test'
import { readTables } from '../support/database.ts'
import { expectProblem } from '../support/problem-details.ts'
import { type Server, startServer } from '../support/server.ts'
import { useServer } from '../support/shared-server.ts'

const shared = useServer()
// The tables show any other change, since only this user has a challenge.
beforeAll(async () => expect((await shared().generate('user_1')).status).toBe(200))

function post(server: Server, userId: string, body: BodyInit): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return server.as(userId, '/api/generate-challenge', { method: 'POST', headers, body })
}

const nested = (levels: number, open: string, close: string, inner = '') =>
  open.repeat(levels) + inner + close.repeat(levels)
const bytes = (...values: (number | string)[]) =>
  Buffer.concat(values.map((value) => (typeof value === 'string' ? Buffer.from(value) : Buffer.of(value))))

const unreadable: [name: string, body: BodyInit][] = [
  ['an empty body', ''],
  ['white space', ' \n\t'],
  ['a NUL', '\0'],
  ['an object that breaks off', '{"difficulty":"easy"'],
  ['an object that goes on', '{"difficulty":"easy"}{"difficulty":"easy"}'],
  ['single quotes', "{'difficulty':'easy'}"],
  ['a bare name', '{difficulty:"easy"}'],
  ['a trailing comma', '{"difficulty":"easy",}'],
  ['a comment', '/* */{"difficulty":"easy"}'],
  ['NaN', 'NaN'],
  ['undefined', 'undefined'],
  ['a form', 'difficulty=easy'],
  ['a raw newline in a string', '{"difficulty":"easy\n"}'],
  ['bytes that are not UTF-8', bytes('{"difficulty":"', 0xff, '"}')],
  ['bad UTF-8 in a field that nobody reads', bytes('{"difficulty":"easy","note":"', 0xc3, '"}')],
  ['an overlong encoding', bytes('{"difficulty":"', 0xc1, 0xa5, 'asy"}')],
  ['an encoded surrogate', bytes('{"difficulty":"easy","note":"', 0xed, 0xa0, 0x80, '"}')],
  ['UTF-16', bytes(0xff, 0xfe, ...[...'{"difficulty":"easy"}'].flatMap((letter) => [letter, 0]))],
]

const wrong: [name: string, body: string][] = [
  ...['null', '[]', '[{"difficulty":"easy"}]', '42', 'true', '"easy"', '{}'].map((body): [string, string] => [
    body,
    body,
  ]),
  ...['null', '1', 'true', '["easy"]', '{"0":"easy"}', '""'].map((value): [string, string] => [
    `difficulty ${value}`,
    `{"difficulty":${value}}`,
  ]),
  ...['EASY', 'Easy', 'easy ', ' easy', 'еasy', 'easy\u0000', 'impossible', 'easy|medium', '\ud800'].map(
    (word): [string, string] => [`difficulty ${JSON.stringify(word)}`, JSON.stringify({ difficulty: word })],
  ),
  ...['toString', 'constructor', '__proto__', 'length'].map((word): [string, string] => [
    `difficulty ${word}, which every object has`,
    JSON.stringify({ difficulty: word }),
  ]),
  ['a member in another case', '{"Difficulty":"easy"}'],
  ['a difficulty inherited from __proto__', '{"__proto__":{"difficulty":"easy"}}'],
  ['a last duplicate that is wrong', '{"difficulty":"easy","difficulty":"impossible"}'],
]

test.each([...unreadable, ...wrong])(
  '%s as a body is refused with 400, and changes nothing',
  async (_, body) => {
    const server = shared()
    const before = readTables(server)

    const { body: problem } = await expectProblem(post(server, 'user_2', body), 400, 'invalid_request')

    expect(problem.detail).not.toMatch(/Expected|Unexpected|SyntaxError|anyOf|undefined|\bat \//)
    expect(readTables(server)).toEqual(before)
  },
)

test.each([
  ['arrays', nested(30_000, '[', ']')],
  ['objects', nested(9_000, '{"a":', '}', '1')],
  ['arrays that never close', '['.repeat(60_000)],
  ['a difficulty', `{"difficulty":${nested(30_000, '[', ']')}}`],
  ['a field that nobody reads', `{"difficulty":"easy","note":${nested(30_000, '[', ']')}}`],
])('%s nested thousands of levels deep are refused at once', async (_, body) => {
  const server = shared()
  const before = readTables(server)
  const start = performance.now()

  await expectProblem(post(server, 'user_2', body), 400, 'invalid_request')

  // Validating such a body takes many seconds.
  expect(performance.now() - start).toBeLessThan(5000)
  expect(readTables(server)).toEqual(before)
})

test.each([
  ['the last of two duplicates counts', '{"difficulty":"easy","difficulty":"hard"}'],
  ['escapes are read', '{"difficult\\u0079":"\\u0068ard"}'],
  ['white space is allowed', ' {\r\n\t"difficulty" : "hard" } '],
  [
    'unknown fields',
    '{"difficulty":"hard","id":1,"user_id":"user_2","created_by":"user_2","quota_remaining":9}',
  ],
  ['`__proto__`', '{"difficulty":"hard","__proto__":{"difficulty":"easy","polluted":1}}'],
  ['`constructor`', '{"constructor":{"prototype":{"polluted":1}},"difficulty":"hard"}'],
  ['a body of moderate depth', `{"difficulty":"hard","note":${nested(20, '[', ']')}}`],
  ['brackets inside a string', `{"difficulty":"hard","note":"${'['.repeat(1000)}\\"{"}`],
])('a body is read as the contract says: %s', async (_, body) => {
  await using server = await startServer()

  const response = await post(server, 'user_1', body)

  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ difficulty: 'hard', source: 'bank' })
  expect(readTables(server)).toMatchObject({
    challenges: [{ created_by: 'user_1', difficulty: 'hard' }],
    quotas: [{ user_id: 'user_1', quota_remaining: 49 }],
  })
  // The server runs in this process, where a polluted prototype would show.
  expect(Object.keys(Object.prototype)).toEqual([])
  expect('polluted' in {}).toBe(false)
})

test.each(wrong)('without a session a body %s is refused with 401', async (_, body) => {
  const server = shared()
  const before = readTables(server)

  const headers = { 'content-type': 'application/json' }
  const answer = server.fetch('/api/generate-challenge', { method: 'POST', headers, body })

  await expectProblem(answer, 401, 'unauthenticated')
  expect(readTables(server)).toEqual(before)
})
