import { expect, test } from 'bun:test'
import { namedProvocations, useProvocations } from '../support/every-status.ts'
import { documentOf } from '../support/openapi-document.ts'

const provoke = useProvocations()

const described = namedProvocations.filter(
  ([, { method, status, path }]) =>
    method !== 'HEAD' && ![204, 404, 405].includes(status) && !path.startsWith('/openapi'),
)

test.each(described)('%s has the members that are described, and no more', async (_, provocation) => {
  const { path, method = 'GET', status } = provocation
  const { paths } = await documentOf()
  const operation = paths[path.split('?')[0] ?? '']?.[method.toLowerCase()]
  const answer = await provoke(provocation)

  const [body] = Object.values(operation?.responses?.[status]?.content ?? {})
  const members = Object.keys(await answer.json())
  expect(members).toEqual(expect.arrayContaining(body?.schema?.required ?? ['a schema']))
  expect(Object.keys(body?.schema?.properties ?? {})).toEqual(expect.arrayContaining(members))
})
