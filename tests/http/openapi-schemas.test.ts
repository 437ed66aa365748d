import { expect, test } from 'bun:test'
import { documentOf, findTarget, referringDocument, type Schema } from '../support/openapi-document.ts'
import { startServer } from '../support/server.ts'

/** Every schema of a document, nested ones included, with its JSON pointer. */
function* schemasOf(value: unknown, at = '#'): Generator<[at: string, schema: Schema]> {
  if (typeof value !== 'object' || value === null) return
  for (const [name, inner] of Object.entries(value)) {
    const isSchema = ['schema', 'items', 'additionalProperties'].includes(name) && inner !== false
    if (isSchema || /\/(properties|schemas|oneOf|allOf)$/.test(at)) yield [`${at}/${name}`, inner]
    yield* schemasOf(inner, `${at}/${name}`)
  }
}

test('every schema is valid JSON Schema 2020-12', async () => {
  const schemas = [...schemasOf(await documentOf())]
  const types = ['object', 'array', 'string', 'integer', 'number', 'boolean', 'null']

  expect(schemas.length).toBeGreaterThan(500)
  for (const [at, { type, properties = {}, required = [], nullable, oneOf, ...rest }] of schemas) {
    const given = [type ?? (oneOf ? 'object' : undefined)].flat()
    expect({ at, given, nullable }).toEqual({
      at,
      given: given.filter((one) => types.includes(one as string)),
      nullable: undefined,
    })
    expect({ at, missing: required.filter((name) => !(name in properties)) }).toEqual({ at, missing: [] })
    if (given.includes('array')) expect([at, typeof rest.items]).toEqual([at, 'object'])
  }
})

test('every reference has a target, and every component is used', async () => {
  const document = await referringDocument()
  const text = JSON.stringify(document)
  const references = [...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, reference = '']) => reference)

  expect(references.filter((one) => typeof findTarget(document, one) !== 'object')).toEqual([])
  const components = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`)
  expect(components.filter((one) => !references.includes(one))).toEqual([])
})

test('objects and enumerations are named, and have no duplicate', async () => {
  const document = await referringDocument()
  const { schemas: named } = document.components
  const inline = [...schemasOf(document)].filter(
    ([at, { properties, enum: values }]) =>
      // The parts of an `allOf` have no name of their own.
      (properties ?? values) && !/^#\/components\/schemas\/\w+(\/allOf\/\d+)?$/.test(at),
  )
  const contents = Object.values(named).map(({ description, ...schema }) => JSON.stringify(schema))

  expect(Object.keys(named)).toEqual(
    expect.arrayContaining([
      'Challenge',
      'HistoryItem',
      'Quota',
      'Progress',
      'Answer',
      'Topic',
      'Difficulty',
      'Problem',
    ]),
  )
  for (const name of Object.keys(named)) expect(name).toMatch(/^([A-Z][a-z]+)+$/)
  expect(inline.map(([at]) => at)).toEqual([])
  expect(contents.filter((one, index) => contents.indexOf(one) < index)).toEqual([])
})

test('the schemas of requests have no members but those that the server reads', async () => {
  const { paths } = await documentOf()
  const bodies = Object.values(paths)
    .map(({ post }) => post?.requestBody?.content['application/json']?.schema)
    .filter((schema) => schema !== undefined)

  expect(bodies.map((schema) => schema?.additionalProperties)).toEqual([false, false, false, undefined])
})

test('two servers have the same document', async () => {
  await using one = await startServer()
  await using other = await startServer()
  const read = async (server: typeof one) => (await server.fetch('/openapi/json')).text()

  expect(await read(other)).toBe(await read(one))
})
