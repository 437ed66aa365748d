import { expect, test } from 'bun:test'
import { startModel } from '../support/model.ts'
import { printingChallenge, writeJavaScript } from '../support/printing.ts'
import { startServer } from '../support/server.ts'

const env = { REVIEW: 'on' }

/** Asks for challenges until the model, which writes nothing acceptable in other languages, was asked for JavaScript. */
async function startWithAuthor(write: () => object) {
  const model = startModel()
  const server = await startServer({ model, env })
  const asked = writeJavaScript(model, write)
  async function generate() {
    for (let user = 1; ; user++) {
      const { body } = await server.generate(`user_${user}`)
      if (asked.times > 0) return body
    }
  }
  return {
    model,
    server,
    generate,
    async metrics() {
      return (await server.fetch('/metrics')).text()
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await model[Symbol.asyncDispose]()
    },
  }
}

test('a question whose key is proven is served without a review, and counted', async () => {
  await using started = await startWithAuthor(() => printingChallenge())
  expect(await started.metrics()).toContain('questions_run_total{outcome="proven"} 0')

  const body = await started.generate()

  expect(body).toMatchObject({ source: 'ai', title: expect.stringContaining('```javascript\nconsole.log') })
  expect(started.model.calls('review')).toBe(0)
  expect(await started.metrics()).toContain('questions_run_total{outcome="proven"} 1')
})

test('a question whose key is wrong by its own code is never served, and no review is paid for it', async () => {
  await using started = await startWithAuthor(() => printingChallenge('1-1'))

  const body = await started.generate()

  expect(body.source).toBe('bank')
  expect(started.model.calls('review')).toBe(0)
  expect(started.server.lines).toContainEqual(expect.objectContaining({ reason: 'execution' }))
  expect(await started.metrics()).toMatch(/^questions_run_total\{outcome="refuted"\} [123]$/m)
})

test('a question whose code cannot be run is left to the review', async () => {
  await using started = await startWithAuthor(() => ({
    ...printingChallenge('1'),
    code: `console.log(structuredClone({ a: 1 }).a)`,
  }))

  const body = await started.generate()

  expect(body.source).toBe('ai')
  expect(started.model.calls('review')).toBe(1)
  expect(await started.metrics()).toContain('questions_run_total{outcome="unproven"} 1')
})
