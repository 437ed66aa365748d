import { expect, test } from 'bun:test'
import { startModel } from '../support/model.ts'
import { until } from '../support/process.ts'
import { type Server, startServer } from '../support/server.ts'

/** What `/ready` has to say, once it says something. */
const noticesOf = (server: Server): Promise<string[]> =>
  until(async () => {
    const { notices } = (await (await server.fetch('/ready')).json()) as { notices: string[] }
    return notices.length > 0 && notices
  }, 'a notice')

test.concurrent('a model that its server will shut down is a notice in /ready, in the log and in the metrics, not a failure', async () => {
  await using model = startModel()
  model.describe = () => Response.json({ id: 'test', object: 'model', shutdown_date: '2026-12-31' })
  await using server = await startServer({ model })

  const notice = 'The model test will be shut down on 2026-12-31: choose another OPENAI_MODEL before.'
  expect(await noticesOf(server)).toEqual([notice])
  expect((await server.fetch('/ready')).status).toBe(200)
  expect(server.lines.filter(({ msg }) => msg === notice)).toHaveLength(1)
  expect(await (await server.fetch('/metrics')).text()).toContain('model_notice 1')
})

test.concurrent('a model that its server does not know is a notice', async () => {
  await using model = startModel()
  const error = {
    message: 'The model does not exist',
    type: 'invalid_request_error',
    code: 'model_not_found',
  }
  model.describe = () => Response.json({ error }, { status: 404 })
  await using server = await startServer({ model })

  expect(await noticesOf(server)).toEqual(['The server does not know the model test: check OPENAI_MODEL.'])
})

test.concurrent.each([
  ['knows nothing of models', () => new Response('Not found', { status: 404 })],
  ['fails', () => Response.json({ error: { message: 'secret words' } }, { status: 500 })],
  ['knows the model well', () => Response.json({ id: 'test', object: 'model' })],
])('a server that %s is no reason for a notice', async (_, describe) => {
  const asked = Promise.withResolvers<void>()
  await using model = startModel()
  model.describe = () => {
    asked.resolve()
    return describe()
  }
  await using server = await startServer({ model })
  await asked.promise
  // The answer is on its way; a whole generation takes longer than reading it.
  await server.generate('user_1')

  expect((await (await server.fetch('/ready')).json()) as object).toEqual({ status: 'ok', notices: [] })
  expect(JSON.stringify(server.lines)).not.toContain('secret words')
})
