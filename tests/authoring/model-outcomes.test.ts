import { expect, setDefaultTimeout, test } from 'bun:test'
import { expectFreeBankChallenge, oneAttempt, readOutput } from '../support/authoring.ts'
import { completion, startModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

/** Occurs in the errors of the model's server, and must not leave this server. */
const secret = 'words-of-the-server'
const error = (message: string, more: object = {}) => ({
  error: { message: `${message} ${secret}`, ...more },
})
const json = (status: number, body: unknown) => () => Response.json(body, { status })
const plain = (status: number, text: string, headers = {}) => {
  return () => new Response(`${text} ${secret}`, { status, headers })
}
const page = (status: number) => plain(status, '<!DOCTYPE html><p>', { 'content-type': 'text/html' })
const filtered = (code: string) => error('The response was filtered', { code, param: 'prompt', status: 400 })
const moderated = error('Your input was flagged', { code: 403, metadata: { flagged_input: '…' } })

const key = "The model's server refuses the key: check OPENAI_API_KEY."
const unpaid = "The account at the model's server has no credit: check OPENAI_API_KEY."
const unknown = 'The server does not know the model test: check OPENAI_MODEL.'
const path =
  "The model's server has no Chat Completions API at its address, which often ends in /v1: check OPENAI_BASE_URL."
const redirect = "The model's server redirects to another address: check OPENAI_BASE_URL."
const refusing = 'The server refuses every request to the model test: check OPENAI_MODEL.'

type Row = [server: string, answer: () => Response, fault: string, formats: number, notice: string]

/** An answer that is the same in every response format, its fault, the number of formats tried, and the notice. */
const rows: Row[] = [
  ['a refused key', json(401, error('Incorrect API key')), 'unauthorized', 1, key],
  ['a key without rights', plain(403, 'Forbidden'), 'unauthorized', 1, key],
  ['Gemini, a refused key', json(400, [error('API key not valid.')]), 'unauthorized', 3, key],
  [
    'OpenAI, an unknown model',
    json(404, error('No such', { code: 'model_not_found' })),
    'not_found',
    3,
    unknown,
  ],
  [
    'Ollama, an unknown model',
    json(404, error('model "x" not found, try pulling it')),
    'not_found',
    3,
    unknown,
  ],
  [
    'Azure, an unknown model',
    json(404, error('None', { code: 'DeploymentNotFound' })),
    'not_found',
    3,
    unknown,
  ],
  ['OpenRouter, an unknown model', json(404, error('No endpoints found for x.')), 'not_found', 3, unknown],
  [
    'Mistral, an unknown model',
    json(400, { message: `Invalid model: x ${secret}` }),
    'not_found',
    3,
    unknown,
  ],
  ['DeepSeek, an unknown model', json(400, error('Model Not Exist')), 'not_found', 3, unknown],
  ['Ollama without /v1', plain(404, '404 page not found'), 'wrong_path', 3, path],
  ['FastAPI without /v1', json(404, { detail: `Not Found ${secret}` }), 'wrong_path', 3, path],
  ['OpenAI without /v1', json(404, error('Invalid URL (POST /chat/completions)')), 'wrong_path', 3, path],
  ['a web server', page(404), 'wrong_path', 3, path],
  ['a web application', page(200), 'wrong_path', 1, path],
  ['a page for GET only', plain(405, 'Method Not Allowed'), 'wrong_path', 1, path],
  ['LM Studio without /v1', json(200, { error: `Unexpected endpoint ${secret}` }), 'wrong_path', 1, path],
  ...[301, 302, 303, 307, 308].map((status): Row => {
    return [`a redirect ${status}`, plain(status, '', { location: '/v1' }), 'redirected', 1, redirect]
  }),
  ['a server that refuses everything', json(400, error('No.')), 'bad_request', 3, refusing],
  ['Groq, bad samples', json(400, error('No.', { code: 'json_validate_failed' })), 'malformed', 3, ''],
  ['Azure, its filter', json(400, filtered('content_filter')), 'filtered', 1, ''],
  ['OpenAI, its filter', json(400, filtered('content_policy_violation')), 'filtered', 1, ''],
  ['OpenRouter, its filter', json(403, moderated), 'filtered', 1, ''],
  [
    'Gemini, its filter',
    () => completion('', { finish_reason: 'content_filter: SAFETY' }),
    'filtered',
    1,
    '',
  ],
  ['OpenRouter, a 200 with an error 429', json(200, error('No.', { code: 429 })), 'rate_limited', 1, ''],
  ['a 200 with an error 401', json(200, error('No.', { code: '401' })), 'unauthorized', 1, key],
  ['a 200 with an error 404', json(200, error('No.', { code: 404 })), 'not_found', 1, unknown],
  ['a 200 with an error 502', json(200, error('No.', { code: 502 })), 'error_in_answer', 1, ''],
  ['a 200 with an error in words', json(200, { error: secret }), 'error_in_answer', 1, ''],
  [
    'OpenRouter, an error in a choice',
    () => completion('', { finish_reason: 'error', error: { code: 502, message: secret } }),
    'error_in_answer',
    1,
    '',
  ],
  ['OpenRouter, no credit', json(402, error('Insufficient credits')), 'unpaid', 1, unpaid],
  ['OpenAI, no credit', json(429, error('No.', { code: 'insufficient_quota' })), 'unpaid', 1, unpaid],
  ['a 200 with an error 402', json(200, error('No.', { code: 402 })), 'unpaid', 1, unpaid],
  ['too many requests', plain(429, ''), 'rate_limited', 1, ''],
  ['an outage', plain(503, ''), 'server_error', 1, ''],
  ['an error of the server', json(500, error('No.')), 'server_error', 3, ''],
]

test.concurrent.each(rows)(
  '%s is counted, logged and told to the operator',
  async (_, answer, fault, formats, notice) => {
    await using model = startModel()
    await using server = await startServer({ model, timings: oneAttempt })
    model.author = answer

    const body = await expectFreeBankChallenge(server)

    expect(model.requests).toHaveLength(formats)
    expect(server.lines).toContainEqual(expect.objectContaining({ fault, model: 'test' }))
    const metrics = await (await server.fetch('/metrics')).text()
    expect(metrics).toContain(`model_faults_total{fault="${fault}"} 1\n`)
    expect(metrics).toContain(`model_call_duration_seconds_count{outcome="${fault}"} ${formats}\n`)
    expect(metrics).toContain('model_call_duration_seconds_count{outcome="answered"} 0\n')
    expect(metrics).toContain(`model_notice ${notice ? 1 : 0}\n`)
    const ready = await (await server.fetch('/ready')).json()
    expect<unknown>(ready).toEqual({ status: 'ok', notices: notice ? [notice] : [] })
    expect(readOutput(server, body, ready, metrics)).not.toContain(secret)
  },
)
