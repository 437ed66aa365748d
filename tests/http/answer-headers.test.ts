import { expect, test } from 'bun:test'
import { namedProvocations, useProvocations } from '../support/every-status.ts'
import { until } from '../support/process.ts'
import { useServer } from '../support/shared-server.ts'

const provoke = useProvocations()

const shared = useServer()

/** The id of the answer to a request with this id, and what was logged under it; that is written after the answer. */
async function ask(id: string) {
  const { headers } = await shared().fetch('/health', { headers: { 'x-request-id': id } })
  const given = headers.get('x-request-id')
  const logged = () => shared().lines.filter((line) => 'requestId' in line && line.requestId === given)
  const lines = await until(() => logged().length > 0 && logged(), 'a line')
  return { given, lines }
}

const uuid = /^[\da-f]{8}-[\da-f]{4}-[47][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/

test.each(namedProvocations)(
  '%s bears the request id that came, or one of its own',
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
  },
)

test.each(['1', 'a-b_c.d:e', '01JD8Z6M2W', '7f3c1a52-6a1f-4d1e-9b8e-2f1f0c7f5b11', 'x'.repeat(128)])(
  'a request id such as %s is kept, in the answer and in the log',
  async (id) => {
    const { given, lines } = await ask(id)

    expect(given).toBe(id)
    expect<unknown[]>(lines).toMatchObject([{ path: '/health', requestId: id }])
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
])('a request id such as %p goes neither into the answer nor into the log', async (id) => {
  const { given, lines } = await ask(id)

  expect(given).toMatch(uuid)
  expect<unknown[]>(lines).toMatchObject([{ path: '/health', requestId: given }])
  if (id !== '') expect(JSON.stringify(lines)).not.toContain(id)
})

test('a request id that comes twice is no request id', async () => {
  const headers = new Headers([
    ['x-request-id', 'first'],
    ['x-request-id', 'second'],
  ])

  const response = await shared().fetch('/health', { headers })

  expect(response.headers.get('x-request-id')).toMatch(uuid)
})

test.each(namedProvocations)(
  '%s is not sniffed, and tells nothing of what it was made with',
  async (_, provocation) => {
    const { headers } = await provoke(provocation)

    expect(headers.get('x-content-type-options')).toBe('nosniff')
    if (provocation.path.startsWith('/api/')) expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('server')).toBeNull()
    expect(headers.get('x-powered-by')).toBeNull()
    expect(headers.get('set-cookie')).toBeNull()
    expect(JSON.stringify([...headers])).not.toMatch(/bun|elysia/i)
  },
)
