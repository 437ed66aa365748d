import { expect, setDefaultTimeout, test } from 'bun:test'
import { expectFreeBankChallenge, readOutput } from '../support/authoring.ts'
import { completion, goodChallenge, startModel } from '../support/model.ts'
import { type Server, startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

/** Occurs in the errors of the model, and must not leave the server. */
const secret = 'Something about sk-live-7f3a'
/** Leaves time for three attempts on a busy machine. */
const env = { GENERATION_TIMEOUT_MS: '20000' }
const timings = { modelPauseMs: 1 }

const failure = (status: number, headers: Record<string, string> = {}) =>
  Response.json({ error: { message: secret, type: 'x', param: null, code: secret } }, { status, headers })

const json = (text: string, type = 'application/json') =>
  new Response(text, { headers: { 'content-type': type } })

const text = JSON.stringify
const good = () => text(goodChallenge())
const changed = (change: object) => text({ ...goodChallenge(), ...change })

function streamed(next: (sent: number) => Promise<string> | string, headers = {}) {
  let sent = 0
  const stream = new ReadableStream({
    async pull(controller) {
      controller.enqueue(new TextEncoder().encode(await next(sent++)))
    },
  })
  return new Response(stream, { headers: { 'content-type': 'application/json', ...headers } })
}

const never = new Promise<never>(() => undefined)
const toolCall = { tool_calls: [{ id: '1', type: 'function', function: { name: secret, arguments: '{}' } }] }

const faults: [answer: string, fault: string, answer: () => unknown][] = [
  ...[400, 418, 422].map((status) => answered(status, 'bad_request')),
  answered(402, 'unpaid'),
  ...[404, 405].map((status) => answered(status, 'wrong_path')),
  ...[401, 403].map((status) => answered(status, 'unauthorized')),
  answered(429, 'rate_limited'),
  ...[408, 409, 500, 502, 503, 504, 529].map((status) => answered(status, 'server_error')),
  ['an error in plain text', 'server_error', () => new Response(secret, { status: 500 })],
  ['an error in HTML', 'server_error', () => new Response(`<p>${secret}`, { status: 502 })],
  ['a status without a body', 'malformed', () => new Response(null, { status: 204 })],
  ['no end', 'too_large', () => streamed(() => Bun.sleep(0).then(() => ' '.repeat(65536)))],
  ['30 MB', 'too_large', () => json(' '.repeat(30e6))],
  ['1 MB of space', 'too_large', () => json(`${' '.repeat(1e6)}{}`)],
  ['HTML with status 200', 'wrong_path', () => json(`<html>${secret}</html>`, 'text/html')],
  ['HTML that claims to be JSON', 'wrong_path', () => json(`<html>${secret}</html>`)],
  ['JSON that breaks off', 'malformed', () => json('{"choices":[{"message":{"content":"')],
  ...['', 'null', '{}', '[]', '42', `"${secret}"`].map((body) => said(body)),
  ...['[]', 'null', '{}', '[null]', '[{}]', '[[]]', `"${secret}"`].map((list) => said(`{"choices":${list}}`)),
  ['lists in lists', 'malformed', () => json(`{"choices":${'['.repeat(200_000)}`)],
  said('{"choices":[{"message":null}]}'),
  said('{"choices":[{"message":{"content":{"text":"hi"}}}]}'),
  ['a tool call', 'malformed', () => completion(null, { finish_reason: 'tool_calls' }, toolCall)],
  ['no content', 'malformed', () => completion(null)],
  ['a refusal', 'refusal', () => completion(null, {}, { refusal: secret })],
  ['a refusal beside content', 'refusal', () => completion(good(), {}, { refusal: secret })],
  ['an answer cut for its length', 'truncated', () => completion(good(), { finish_reason: 'length' })],
  ['a filtered answer', 'filtered', () => completion(good(), { finish_reason: 'content_filter' })],
  ...['', 'null', '[]', '7', secret, `"${secret}"`, '{', '{}', `{"question":"${secret}"`].map(wrote),
  wrote(good().slice(0, -3)),
  wrote(changed({ question: null })),
  wrote(changed({ explanation: [secret] })),
  wrote(changed({ explanation: undefined })),
  wrote(changed({ answer: ['4'] })),
  wrote(changed({ distractors: '1, 2, 3' })),
  wrote(changed({ distractors: ['1', '2', null] })),
  wrote(changed({ distractors: { first: '1', second: '2', third: [] } })),
  wrote(changed({ distractors: undefined })),
]

function answered(status: number, fault: string): [string, string, () => unknown] {
  return [`status ${status}`, fault, () => failure(status)]
}
function said(body: string): [string, string, () => unknown] {
  return [`the body ${body}`, 'malformed', () => json(body)]
}
function wrote(content: string): [string, string, () => unknown] {
  return [`the content ${content}`, 'malformed', () => completion(content)]
}
async function expectFault(fault: string, server: Server) {
  const body = await expectFreeBankChallenge(server)
  expect(server.lines).toContainEqual(expect.objectContaining({ fault }))
  expect(await (await server.fetch('/metrics')).text()).toContain(`outcome="${fault}"} 1`)
  expect(readOutput(server, body)).not.toContain('sk-')
  expect((await server.history('user_1')).body.challenges).toHaveLength(1)
}

test.concurrent.each(faults)(
  'a model that answers with %s leads to a free challenge of the bank, and counts as %s',
  async (_, fault, answer) => {
    await using model = startModel()
    await using server = await startServer({ model, env, timings })
    model.author = answer

    await expectFault(fault, server)

    // After an error that may concern the response format, the other formats are tried once.
    const attempts = model.requests.filter(({ body }) => body.response_format?.type === 'json_schema')
    expect(attempts).toHaveLength(3)
    expect(model.requests.length).toBeLessThanOrEqual(5)
  },
)

test.concurrent.each<[string, () => unknown]>([
  ['no answer', () => never],
  ['headers, then silence', () => streamed((sent) => (sent === 0 ? '{' : never))],
  ['a byte now and then', () => streamed(() => Bun.sleep(100).then(() => ' '))],
])(
  'a model that answers with %s leads to a free challenge of the bank at the end of the budget',
  async (_, answer) => {
    await using model = startModel()
    await using server = await startServer({ model, env: { GENERATION_TIMEOUT_MS: '1000' } })
    model.author = answer

    await expectFault('timeout', server)

    // The budget is shared by all attempts.
    expect(model.requests).toHaveLength(1)
  },
)
