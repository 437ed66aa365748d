import { expect, test } from 'bun:test'
import { userEvent } from '../support/clerk.ts'
import { readTables } from '../support/database.ts'
import { expectProblem } from '../support/problem-details.ts'
import { type Server, startServer } from '../support/server.ts'
import { useServer } from '../support/shared-server.ts'
import { type Headers, specified } from '../support/svix-headers.ts'

/** For deliveries that change no row: its tables stay empty. */
const shared = useServer()

const bytesOf = (text: string) => new TextEncoder().encode(text)
const created = userEvent('user.created', 'user_1')
/** The event with this JSON as the first name of the user. */
const named = (json: string) => `{"type":"user.created","data":{"id":"user_1","first_name":${json}}}`

/** Delivers bytes with their signature, or with other headers. */
const post = (server: Server, body: Uint8Array<ArrayBuffer>, headers: Headers = specified(body)) =>
  server.fetch('/webhooks/clerk', { method: 'POST', headers, body })

async function expectRefused(
  server: Server,
  answer: Promise<Response>,
  status: number,
  code: 'invalid_signature' | 'invalid_request',
) {
  await expectProblem(answer, status, code)
  expect(readTables(server)).toEqual({ challenges: [], quotas: [] })
}

test.each([
  ['as Clerk writes it', created],
  ['with a byte order mark', `\uFEFF${created}`],
  ['with white space around it', `\r\n  ${created}\n`],
  ['written over many lines', JSON.stringify(JSON.parse(created), null, '\t')],
  ['with letters of every width', named('"é ж 漢 😀 e\u0301 \u2028 \uFFFD"')],
  ['with letters in escapes', named(String.raw`"\u00e9 \ud83d\ude00 \u2028 \ufffd"`)],
  ['with a lone surrogate in an escape', named(String.raw`"\ud83d"`)],
  ['with fields that we do not know', named('{"__proto__":{"id":"user_2"},"constructor":null}')],
  ['with a __proto__ of its own', created.replace('{', '{"__proto__":{"type":"user.deleted"},')],
  ['with a field twice, the last of which counts', created.replace('{', '{"type":"user.deleted",')],
])('a signed event %s is accepted', async (_, event) => {
  await using server = await startServer()

  const answer = await post(server, bytesOf(event))

  expect([answer.status, await answer.json()]).toEqual([200, { status: 'success' }])
  expect(readTables(server).quotas).toMatchObject([{ user_id: 'user_1' }])
})

test.each([
  ['one letter changed', created, bytesOf(created.replace('user_1', 'user_2'))],
  ['a line break at its end', created, bytesOf(`${created}\n`)],
  ['a byte order mark put before it', created, bytesOf(`\uFEFF${created}`)],
  ['a byte order mark taken away', `\uFEFF${created}`, bytesOf(created)],
  ['its JSON written anew', JSON.stringify(JSON.parse(created), null, 2), bytesOf(created)],
  ['an escape resolved', named(String.raw`"\u00e9"`), bytesOf(named('"é"'))],
  ['an accent composed', named('"e\u0301"'), bytesOf(named('"é"'))],
  [
    'a letter replaced by a byte that is no letter',
    named('"\uFFFD"'),
    Buffer.from(named('"\xFF"'), 'latin1'),
  ],
  ['nothing left of it', created, new Uint8Array()],
])('a signed event with %s is refused', async (_, event, changed) => {
  const server = shared()

  await expectRefused(
    server,
    post(server, new Uint8Array(changed), specified(event)),
    401,
    'invalid_signature',
  )
})

test.each([
  ['nothing', ''],
  ['no JSON', 'user.created user_1'],
  ['JSON that breaks off', created.slice(0, -1)],
  ['two events', `${created}${created}`],
  ['null', 'null'],
  ['a number', '1'],
  ['a text', '"user.created"'],
  ['an array', `[${created}]`],
  ['an empty object', '{}'],
  ['no type', '{"data":{"id":"user_1"}}'],
  ['an empty type', '{"type":"","data":{"id":"user_1"}}'],
  ['a type that is no text', '{"type":["user.created"],"data":{"id":"user_1"}}'],
  ['no data', '{"type":"user.created"}'],
  ['null for data', '{"type":"user.created","data":null}'],
  ['a list for data', '{"type":"user.created","data":[{"id":"user_1"}]}'],
  ['a user without id', '{"type":"user.created","data":{"object":"user"}}'],
  ['an empty id', '{"type":"user.created","data":{"id":""}}'],
  ['null for an id', '{"type":"user.deleted","data":{"id":null}}'],
  ['a number for an id', '{"type":"user.created","data":{"id":1}}'],
  ['an object for an id', '{"type":"user.created","data":{"id":{"id":"user_1"}}}'],
  ['an id with a space', '{"type":"user.created","data":{"id":"user 1"}}'],
  ['an id with a NUL', String.raw`{"type":"user.created","data":{"id":"user_1\u0000"}}`],
  ['an id of 10 000 letters', `{"type":"user.created","data":{"id":"${'u'.repeat(10_000)}"}}`],
  ['an id that only __proto__ gives', '{"type":"user.created","data":{"__proto__":{"id":"user_1"}}}'],
  ['arrays in arrays, 30 000 deep', named(`${'['.repeat(30_000)}${']'.repeat(30_000)}`)],
])('a signed delivery of %s is refused with 400, and has no effect', async (_, event) => {
  const server = shared()

  await expectRefused(server, post(server, bytesOf(event)), 400, 'invalid_request')
})

test('a signed delivery of bytes that are not UTF-8 is refused', async () => {
  const server = shared()

  const answer = await post(server, new Uint8Array(Buffer.from(named('"\xFF"'), 'latin1')))

  expect([400, 401]).toContain(answer.status)
  expect(readTables(server)).toEqual({ challenges: [], quotas: [] })
})

test.each([
  'user.updated',
  'session.created',
  'email.created',
  'USER.CREATED',
  'user.created ',
  'user',
  '__proto__',
  'constructor',
  'challenge.claimed',
  'model.failed',
])('an event of type %p is acknowledged and ignored', async (type) => {
  const server = shared()

  expect(await server.deliver(type, 'user_1')).toMatchObject({ status: 200, body: { status: 'ignored' } })

  expect(readTables(server)).toEqual({ challenges: [], quotas: [] })
})

test.each(['null', '[]', '{}', '{"id":7}'])(
  'an event of another type with the data %s is acknowledged and ignored',
  async (data) => {
    const server = shared()

    const answer = await post(server, bytesOf(`{"type":"sms.created","data":${data}}`))

    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ignored' }])
  },
)
