import { expect, test } from 'bun:test'
import { parseConfig } from '../../src/config.ts'
import { guide } from '../../src/documentation/guide.ts'
import { documentOf, operationsOf, type Schema } from '../support/openapi-document.ts'
import { filesOf, textAt } from '../support/page-files.ts'
import { expectProblem } from '../support/problem-details.ts'
import { startServer } from '../support/server.ts'

const typeNames: Record<string, (value: unknown) => boolean> = {
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  integer: Number.isInteger,
  null: (value) => value === null,
}

/** The faults of a value by a schema, for all keywords that the document uses. */
function* faultsOf(value: unknown, schema: Schema, at = ''): Generator<string> {
  const { type, properties = {}, required = [], items, pattern, minimum, maximum, oneOf } = schema
  if (oneOf) {
    const faults = oneOf.map((one) => [...faultsOf(value, one, at)])
    return yield* faults.some((found) => found.length === 0) ? [] : faults.flat()
  }
  if (![type].flat().some((name) => typeNames[String(name)]?.(value))) yield `${at}: not ${type}`
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) yield `${at}: not one of ${schema.enum}`
  if ('const' in schema && schema.const !== value) yield `${at}: not ${schema.const}`
  if (typeof pattern === 'string' && !new RegExp(pattern).test(String(value))) yield `${at}: not ${pattern}`
  if (Number(minimum) > Number(value) || Number(maximum) < Number(value)) yield `${at}: out of range`
  if (Array.isArray(value)) for (const one of value) yield* faultsOf(one, items as Schema, `${at}[]`)
  if (!typeNames.object?.(value)) return
  const members = value as Record<string, unknown>
  for (const name of required) if (!(name in members)) yield `${at}: lacks ${name}`
  for (const [name, one] of Object.entries(members)) {
    const inner = properties[name] ?? (schema.additionalProperties as Schema | undefined)
    if (inner) yield* faultsOf(one, inner, `${at}.${name}`)
    else yield `${at}: ${name} is unknown`
  }
}

type Shown = { schema?: Schema; example?: unknown; examples?: Record<string, { value: unknown }> }

test('every body has an example, and every example matches its schema', async () => {
  for (const { name, operation } of operationsOf(await documentOf())) {
    const { requestBody, responses = {}, parameters = [] } = operation
    const contents = [requestBody, ...Object.values(responses)].flatMap((one) =>
      Object.values(one?.content ?? {}),
    )
    for (const { schema = {}, example, examples } of contents as Shown[]) {
      const shown = examples ? Object.values(examples).map(({ value }) => value) : [example]
      expect(shown.flatMap((one) => [...faultsOf(one, schema, name)])).toEqual([])
    }
    for (const { schema = {}, example } of parameters as Shown[]) {
      if (example !== undefined) expect([...faultsOf(example, schema, name)]).toEqual([])
    }
  }
})

test('each 200 has its own description', async () => {
  const described = operationsOf(await documentOf()).map(
    ({ operation }) => operation.responses?.[200]?.description,
  )

  for (const words of described) expect(words).toMatch(/^[A-Z][^.]*\.$/)
  expect(new Set(described).size).toBe(described.length)
})

test('the page explains every problem at the address of its type', async () => {
  await using server = await startServer()
  const text = await (await server.fetch('/openapi')).text()

  for (const { code, example } of guide) {
    expect(example.type).toBe(`/openapi#${code}`)
    expect(text.split(`id="${code}"`)).toHaveLength(2)
  }
})

test('the page runs only scripts of the server, and has no inline script or style', async () => {
  await using server = await startServer()
  const { headers, text } = await textAt(server, '/openapi')

  expect(headers.get('content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  )
  expect(text).not.toMatch(/<style|\sstyle=|<script(?! [^>]*src=)/)
})

test('the files of the page have their media types, and only the large ones are cached', async () => {
  await using server = await startServer()
  const served = await Promise.all(
    filesOf((await textAt(server, '/openapi')).text).map(async (file) => {
      const { status, headers, text } = await textAt(server, file)
      expect([file, status, headers.get('x-content-type-options')]).toEqual([file, 200, 'nosniff'])
      // A file must not tell where it was built.
      expect(text).not.toContain(process.cwd())
      return [file, headers.get('content-type'), headers.get('cache-control')]
    }),
  )

  const kept = 'public, max-age=31536000, immutable'
  expect(served).toEqual([
    ['/openapi/icon.svg', 'image/svg+xml', 'no-store'],
    [expect.stringMatching(/^\/openapi\/swagger-ui-\d+\.\d+\.\d+\.css$/), 'text/css; charset=utf-8', kept],
    [
      expect.stringMatching(/^\/openapi\/swagger-ui-\d+\.\d+\.\d+\.js$/),
      'text/javascript; charset=utf-8',
      kept,
    ],
    ['/openapi/style.css', 'text/css; charset=utf-8', 'no-store'],
    ['/openapi/main.js', 'text/javascript; charset=utf-8', 'no-store'],
  ])
})

test('DOCS=off removes the page and its files', async () => {
  await using documented = await startServer()
  const files = filesOf((await textAt(documented, '/openapi')).text)
  await using server = await startServer({ env: { DOCS: 'off' } })

  expect(files).toHaveLength(5)
  for (const path of ['/openapi', '/openapi/json', ...files]) {
    await expectProblem(server.fetch(path), 404, 'not_found')
  }
  expect(await (await server.fetch('/')).text()).not.toContain('href="/openapi"')
  expect(() => parseConfig({ DOCS: 'maybe' })).toThrow('DOCS must be one of: on, off.')
})
