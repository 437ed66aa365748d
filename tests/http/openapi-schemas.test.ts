import { expect, test } from 'bun:test'
import { documentOf, type Schema } from '../support/openapi-document.ts'

/** Every schema of a document, nested ones included, with its JSON pointer. */
function* schemasOf(value: unknown, at: string): Generator<[at: string, schema: Schema]> {
  if (typeof value !== 'object' || value === null) return
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'schema' || name === 'items' || at.endsWith('/properties')) yield [`${at}/${name}`, inner]
    yield* schemasOf(inner, `${at}/${name}`)
  }
}

test('every schema is valid JSON Schema 2020-12, and every reference has a target', async () => {
  const document = await documentOf()
  const schemas = [...schemasOf(document.paths, '#/paths')]
  const types = ['object', 'array', 'string', 'integer', 'number', 'boolean', 'null']

  expect(schemas.length).toBeGreaterThan(50)
  for (const [, reference = ''] of JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)) {
    const path = reference.replace(/^#\//, '').split('/').map(decodeURIComponent)
    expect([reference, path.reduce<unknown>((at, name) => Object(at)[name], document)]).toEqual([
      reference,
      expect.any(Object),
    ])
  }
  for (const [at, { type, properties = {}, required = [], nullable, ...rest }] of schemas) {
    const given = [type ?? (rest.anyOf || 'const' in rest || rest.enum ? 'string' : undefined)].flat()
    expect({ at, given, nullable }).toEqual({
      at,
      given: given.filter((one) => types.includes(one as string)),
      nullable: undefined,
    })
    expect({ at, missing: required.filter((name) => !(name in properties)) }).toEqual({ at, missing: [] })
    if (type === 'array') expect([at, typeof rest.items]).toEqual([at, 'object'])
  }
})
