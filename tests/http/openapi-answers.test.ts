import { expect, test } from 'bun:test'
import { namedProvocations, useProvocations } from '../support/every-status.ts'
import { type Response as Described, documentOf } from '../support/openapi-document.ts'

const provoke = useProvocations()

const described = namedProvocations.filter(
  ([, { method, status, path }]) =>
    method !== 'HEAD' &&
    ![204, 405].includes(status) &&
    !path.startsWith('/openapi') &&
    path !== '/api/nothing',
)

test.each(described)('%s has the members and headers of its description', async (_, provocation) => {
  const { path, method = 'GET', status, code } = provocation
  const { paths } = await documentOf()
  const operation = paths[path.replace(/\?.*/, '').replace(/\/\d+/, '/{id}')]?.[method.toLowerCase()]
  const { headers = {}, content = {} }: Described = operation?.responses?.[status] ?? {}
  const answer = await provoke(provocation)

  const [body] = Object.values(content)
  const answered = await answer.json()
  const members = Object.keys(answered)
  const ofCode = body?.schema?.oneOf?.find(({ properties }) => properties?.code?.const === answered.code)
  const { required = ['a schema'], properties = {} } = ofCode ?? body?.schema ?? {}
  expect(members).toEqual(expect.arrayContaining(required))
  expect(Object.keys(properties)).toEqual(expect.arrayContaining(members))

  const known = Object.keys(headers).map((name) => name.toLowerCase())
  expect(known.filter((name) => !answer.headers.has(name))).toEqual([])
  // A 503 has the headers of the quota only if the database answered.
  const quota = status < 500 ? ['ratelimit', 'ratelimit-policy'] : []
  for (const name of ['retry-after', 'www-authenticate', ...quota]) {
    expect([name, known.includes(name)]).toEqual([name, answer.headers.has(name)])
  }
  if (code) expect(Object.keys(body?.examples ?? {})).toContain(code)
})
