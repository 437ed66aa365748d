import { expect, test } from 'bun:test'
import { until } from '../support/async.ts'
import { newWebhookSecret, svixHeaders, userEvent, webhookSecret } from '../support/clerk.ts'
import { readTables } from '../support/database.ts'
import { expectProblem } from '../support/problem-details.ts'
import { type Server, startServer } from '../support/server.ts'
import { useServer } from '../support/shared-server.ts'
import { type Change, type Headers, renamed, signedHeaders, specified } from '../support/svix-headers.ts'

/** For deliveries that change no row: its tables stay empty. */
const shared = useServer()

const body = userEvent('user.created', 'user_1')
const signed = (change?: Change) => signedHeaders(body, change)
const minutes = (ahead: number) => new Date(Date.now() + ahead * 60_000)

const post = (server: Server, headers: Headers) =>
  server.fetch('/webhooks/clerk', { method: 'POST', headers, body })

const wrong = `v1,${'A'.repeat(43)}=`

const refused: [name: string, headers: () => Headers][] = [
  ['no signature headers', () => ({ 'content-type': 'application/json' })],
  ['no id', () => signed(() => ({ id: undefined }))],
  ['no time stamp', () => signed(() => ({ timestamp: undefined }))],
  ['no signature', () => signed(() => ({ signature: undefined }))],
  ['an empty id', () => signed(() => ({ id: '' }))],
  ['an empty time stamp', () => signed(() => ({ timestamp: '' }))],
  ['an empty signature', () => signed(() => ({ signature: '' }))],
  ['another id', () => signed(() => ({ id: 'msg_other' }))],
  ['another time stamp', () => signed(({ timestamp }) => ({ timestamp: String(Number(timestamp) - 1) }))],
  ['a time stamp of six minutes ago', () => svixHeaders(body, { at: minutes(-6) })],
  ['a time stamp six minutes ahead', () => svixHeaders(body, { at: minutes(6) })],
  ['NaN for a time stamp', () => signed(() => ({ timestamp: 'NaN' }))],
  ['a time stamp in words', () => signed(() => ({ timestamp: new Date().toISOString() }))],
  ['a time stamp with something after it', () => signed(({ timestamp }) => ({ timestamp: `${timestamp}x` }))],
  ['a time stamp with a fraction', () => signed(({ timestamp }) => ({ timestamp: `${timestamp}.5` }))],
  ['another secret', () => svixHeaders(body, { secret: newWebhookSecret() })],
  ['the version v2 alone', () => signed(({ signature }) => ({ signature: signature.replace('v1', 'v2') }))],
  ['the version V1', () => signed(({ signature }) => ({ signature: signature.replace('v1', 'V1') }))],
  ['a signature without version', () => signed(({ signature }) => ({ signature: signature.slice(3) }))],
  ['a version without signature', () => signed(() => ({ signature: 'v1,' }))],
  ['half a signature', () => signed(({ signature }) => ({ signature: signature.slice(0, 24) }))],
  ['a hundred wrong signatures', () => signed(() => ({ signature: Array(100).fill(wrong).join(' ') }))],
  [
    'a good signature, but under the other names',
    () => ({ ...renamed(signed()), ...signed(() => ({ signature: 'v1,AAAA' })) }),
  ],
  [
    'half of its headers under the other names',
    () => {
      const { 'svix-id': id = '', ...rest } = signed()
      return { 'svix-id': id, ...renamed(rest) }
    },
  ],
]

test.each(refused)('a delivery with %s is refused, and has no effect', async (_, headers) => {
  const server = shared()

  await expectProblem(post(server, headers()), 401, 'invalid_signature')

  expect(readTables(server)).toEqual({ challenges: [], quotas: [] })
})

const accepted: [name: string, headers: () => Headers][] = [
  ['the specification’s own signature', () => specified(body)],
  ['a time stamp of four minutes ago', () => svixHeaders(body, { at: minutes(-4) })],
  ['a time stamp four minutes ahead', () => svixHeaders(body, { at: minutes(4) })],
  [
    'a wrong signature before the good one',
    () => signed(({ signature }) => ({ signature: `${wrong} ${signature}` })),
  ],
  [
    'a wrong signature after the good one',
    () => signed(({ signature }) => ({ signature: `${signature} ${wrong}` })),
  ],
  [
    'other versions beside the good one',
    () => signed(({ signature }) => ({ signature: `v2,AA v1a,BB ${signature} v3,CC` })),
  ],
  [
    'two hundred signatures, the good one last',
    () => signed(({ signature }) => ({ signature: `${`${wrong} `.repeat(200)}${signature}` })),
  ],
  ['webhook-* headers', () => renamed(signed())],
  [
    'svix-* headers, and webhook-* ones of another id',
    () => ({ ...renamed(signed(() => ({ signature: wrong }))), ...signed() }),
  ],
  ['an id with a dot in it', () => svixHeaders(body, { id: 'msg.1' })],
]

/** For deliveries that open the quota. */
const another = useServer()

test.each(accepted)('a delivery with %s is accepted', async (_, headers) => {
  const server = another()
  {
    using database = server.database()
    database.run('DELETE FROM challenge_quotas')
  }

  const answer = await post(server, headers())

  expect([answer.status, await answer.json()]).toEqual([200, { status: 'success' }])
  expect(readTables(server).quotas).toMatchObject([{ user_id: 'user_1' }])
})

test('while a secret is rotated, deliveries signed with either secret are accepted', async () => {
  const [old, next, stranger] = [newWebhookSecret(), newWebhookSecret(), newWebhookSecret()]
  await using server = await startServer({ env: { CLERK_WEBHOOK_SECRET: `${old} ${next}` } })

  expect((await post(server, svixHeaders(body, { secret: old }))).status).toBe(200)
  expect((await post(server, svixHeaders(body, { secret: next }))).status).toBe(200)
  await expectProblem(post(server, svixHeaders(body, { secret: stranger })), 401, 'invalid_signature')
})

test('headers with a hundred thousand signatures are refused by their size', async () => {
  const server = shared()
  const headers = signed(({ signature }) => ({ signature: `${`${wrong} `.repeat(100_000)}${signature}` }))

  // The server may close the connection before the client has sent all headers.
  const status = await post(server, headers).then(
    (answer) => answer.status,
    () => 'cut',
  )

  expect([431, 'cut']).toContain(status)
  expect((await server.fetch('/health')).status).toBe(200)
  expect(readTables(server)).toEqual({ challenges: [], quotas: [] })
})

test('secrets and signatures are neither logged nor shown', async () => {
  await using server = await startServer()
  const headers = signed()

  const shown = [await (await post(server, headers)).text()]
  shown.push(await (await post(server, { ...headers, 'svix-id': 'msg_other' })).text())

  await until(
    () => [200, 401].every((status) => server.lines.some((line) => line.status === status)),
    'both deliveries are logged',
  )
  const said = JSON.stringify([shown, server.lines])
  for (const secret of [webhookSecret, webhookSecret.slice(6), headers['svix-signature']])
    expect(said).not.toContain(secret)
})
