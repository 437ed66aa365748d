import { expect, test } from 'bun:test'
import { until } from '../support/async.ts'
import { namedProvocations, useProvocations } from '../support/every-status.ts'
import { useServer } from '../support/shared-server.ts'

const provoke = useProvocations()

const shared = useServer()

/** The request id of the answer to a request with `id`, and the log lines with that id. */
async function ask(id: string) {
  const { headers } = await shared().fetch('/health', { headers: { 'x-request-id': id } })
  const given = headers.get('x-request-id')
  const logged = () => shared().lines.filter((line) => line.requestId === given)
  const lines = await until(() => logged().length > 0 && logged(), 'the request is logged')
  return { given, lines }
}

const uuid = /^[\da-f]{8}-[\da-f]{4}-[47][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/

test.each(namedProvocations)(
  '%s has the request id of the request or a new one, and no header that names the software',
  async (_, provocation) => {
    const [kept, made, replaced] = await Promise.all([
      provoke(provocation, { 'x-request-id': 'req-0123456789abcdef' }),
      provoke(provocation),
      provoke(provocation, { 'x-request-id': 'two words' }),
    ])

    expect(kept.headers.get('x-request-id')).toBe('req-0123456789abcdef')
    expect(made.headers.get('x-request-id')).toMatch(uuid)
    expect(replaced.headers.get('x-request-id')).toMatch(uuid)
    expect(made.headers.get('x-request-id')).not.toBe(replaced.headers.get('x-request-id'))
    const { headers } = made
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    if (provocation.path.startsWith('/api/')) expect(headers.get('cache-control')).toBe('no-store')
    expect(['server', 'x-powered-by', 'set-cookie'].filter((name) => headers.has(name))).toEqual([])
    expect(JSON.stringify([...headers])).not.toMatch(/bun|elysia/i)
  },
)

test.each(['1', 'a-b_c.d:e', '01JD8Z6M2W', '7f3c1a52-6a1f-4d1e-9b8e-2f1f0c7f5b11', 'x'.repeat(128)])(
  'the request id %s is kept in the answer and in the log',
  async (id) => {
    const { given, lines } = await ask(id)

    expect(given).toBe(id)
    expect(lines).toMatchObject([{ path: '/health', requestId: id }])
  },
)

test.each([
  '',
  'two words',
  'a,b',
  'a\tb',
  '"quoted"',
  '{"level":"error"}',
  '<script>alert(1)</script>',
  '$(id)',
  '%0d%0aset-cookie:a=b',
  'é',
  'x'.repeat(1000),
])('the invalid request id %p goes neither into the answer nor into the log', async (id) => {
  const { given, lines } = await ask(id)

  expect(given).toMatch(uuid)
  expect(lines).toMatchObject([{ path: '/health', requestId: given }])
  if (id !== '') expect(JSON.stringify(lines)).not.toContain(id)
})

test('a repeated request id is replaced', async () => {
  const headers = new Headers([
    ['x-request-id', 'first'],
    ['x-request-id', 'second'],
  ])

  const response = await shared().fetch('/health', { headers })

  expect(response.headers.get('x-request-id')).toMatch(uuid)
})
