import { expect, test } from 'bun:test'
import { documentOf, operationsOf, type Schema } from '../support/openapi-document.ts'
import { startServer } from '../support/server.ts'

/** The routes of the contract with their statuses. 405 belongs to no route, and 404 to those of one challenge. */
const contract: Record<string, number[]> = {
  'post /api/generate-challenge': [200, 400, 401, 413, 415, 422, 429, 500, 503],
  'get /api/challenges/{id}': [200, 400, 401, 404, 500, 503],
  'post /api/challenges/{id}/answer': [200, 400, 401, 404, 409, 413, 415, 500, 503],
  'post /api/challenges/{id}/report': [200, 400, 401, 404, 413, 415, 500, 503],
  'get /api/progress': [200, 400, 401, 500, 503],
  'get /api/topics': [200, 400, 401, 500, 503],
  'get /api/my-history': [200, 400, 401, 500, 503],
  'get /api/quota': [200, 400, 401, 500, 503],
  'post /webhooks/clerk': [200, 400, 401, 413, 415, 500, 503],
  'get /health': [200, 400],
  'get /ready': [200, 400, 503],
  'get /metrics': [200, 400],
}

test('the document is OpenAPI 3.1, and each operation has a unique id, words and a refusal', async () => {
  const document = await documentOf()

  expect(document.openapi).toMatch(/^3\.1\.\d+$/)
  expect(document.info).toMatchObject({
    title: expect.stringMatching(/\S/),
    version: expect.stringMatching(/\d/),
  })
  const operations = operationsOf(document)
  expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length)
  for (const { operation } of operations) {
    const words = expect.stringMatching(/\S{3}/)
    expect(operation).toMatchObject({ summary: words, description: words })
    expect(Object.keys(operation.responses ?? {})).toContainEqual(expect.stringMatching(/^4\d\d$/))
  }
})

test('the document lists exactly the routes of the contract, each with its statuses', async () => {
  const listed = operationsOf(await documentOf()).map(({ name, operation }) => [
    name,
    // The contract does not have 408, for a body that arrives too slowly.
    Object.keys(operation.responses ?? {})
      .map(Number)
      .filter((status) => status !== 408)
      .toSorted(),
  ])

  expect(Object.fromEntries(listed)).toEqual(contract)
})

/** The codes of the contract by status. */
const codes: Record<string, string[]> = {
  400: ['invalid_request'],
  401: ['unauthenticated'],
  404: ['not_found'],
  408: ['timeout'],
  409: ['already_answered'],
  413: ['too_large'],
  415: ['unsupported_media_type'],
  422: ['idempotency_mismatch'],
  429: ['quota_exhausted', 'quota_in_flight'],
  500: ['internal'],
  503: ['unavailable'],
}

/** The codes of a schema for problem details. */
const codesOf = (schema: Schema = {}) =>
  (schema.oneOf ?? [schema]).map(({ properties }) => properties?.code?.const)

test('each answer has a description and a schema, and errors are problem details with exactly their codes', async () => {
  const required = expect.arrayContaining(['type', 'title', 'status', 'detail', 'code'])

  for (const { name, operation } of operationsOf(await documentOf())) {
    for (const [status, { description, content = {} }] of Object.entries(operation.responses ?? {})) {
      const [[type, body] = []] = Object.entries(content)
      expect([name, status, description]).toEqual([name, status, expect.stringMatching(/\S{3}/)])
      expect([name, status, type]).toEqual([
        name,
        status,
        Number(status) >= 400
          ? 'application/problem+json'
          : expect.stringMatching(/^(application\/json|text\/plain)/),
      ])
      if (Number(status) < 400) continue
      for (const schema of body?.schema?.oneOf ?? [body?.schema]) expect(schema).toMatchObject({ required })
      const signed = name === 'post /webhooks/clerk' && status === '401'
      expect(codesOf(body?.schema)).toEqual(signed ? ['invalid_signature'] : (codes[status] ?? []))
      expect(Object.keys(body?.examples ?? {})).toEqual(codesOf(body?.schema) as string[])
    }
  }
})

test('exactly the operations that need a session have the bearer scheme', async () => {
  const document = await documentOf()

  expect(document.components.securitySchemes).toEqual({
    session: expect.objectContaining({ type: 'http', scheme: 'bearer' }),
  })
  for (const { name, operation } of operationsOf(document)) {
    expect([name, operation.security]).toEqual([name, name.includes(' /api/') ? [{ session: [] }] : []])
  }
})

test('requests are described as they are validated', async () => {
  const { paths } = await documentOf()
  const { requestBody, parameters = [] } = paths['/api/generate-challenge']?.post ?? {}
  const query = paths['/api/my-history']?.get?.parameters ?? []

  expect(requestBody?.required).toBe(true)
  expect(Object.keys(requestBody?.content ?? {})).toEqual(['application/json'])
  const body = requestBody?.content['application/json']?.schema
  expect(body).toMatchObject({ type: 'object', required: ['difficulty'] })
  expect(body?.properties?.difficulty).toMatchObject({ enum: ['easy', 'medium', 'hard'] })
  expect(parameters).toMatchObject([{ name: 'idempotency-key', in: 'header', required: false }])
  expect(query.map((parameter) => [parameter.name, parameter.in, parameter.required])).toEqual([
    ['limit', 'query', false],
    ['cursor', 'query', false],
    ['difficulty', 'query', false],
    ['topic', 'query', false],
    ['answer', 'query', false],
  ])
})

test('the page of the documentation reads this document', async () => {
  await using server = await startServer()
  const page = await server.fetch('/openapi')

  expect(page.status).toBe(200)
  expect(page.headers.get('content-type')).toStartWith('text/html')
  expect(await page.text()).toContain('openapi/json')
})
