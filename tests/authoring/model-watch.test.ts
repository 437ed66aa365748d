import { expect, test } from 'bun:test'
import { until } from '../support/async.ts'
import { startModel } from '../support/model.ts'
import { type Server, startServer } from '../support/server.ts'

/** The notices of `/ready`, when there are any. */
const noticesOf = (server: Server): Promise<string[]> =>
  until(async () => {
    const { notices } = (await (await server.fetch('/ready')).json()) as { notices: string[] }
    return notices.length > 0 && notices
  }, 'a notice')

/** Without the delay of two seconds after the start. */
const timings = { watchFirstMs: 1 }
const listed = (...ids: string[]) => Response.json({ object: 'list', data: ids.map((id) => ({ id })) })
const keyNotice = "The model's server refuses the key: check OPENAI_API_KEY."
const missing = () => Response.json({ error: { code: 404, message: 'File Not Found' } }, { status: 404 })

test.concurrent('the announced shutdown of the model is a notice in /ready, log and metrics, and /ready stays 200', async () => {
  await using model = startModel()
  model.describe = () => Response.json({ id: 'test', object: 'model', shutdown_date: '2026-12-31' })
  await using server = await startServer({ model, timings })

  const notice = 'The model test will be shut down on 2026-12-31: choose another OPENAI_MODEL before.'
  expect(await noticesOf(server)).toEqual([notice])
  expect((await server.fetch('/ready')).status).toBe(200)
  expect(server.lines.filter(({ msg }) => msg === notice)).toHaveLength(1)
  expect(await (await server.fetch('/metrics')).text()).toContain('model_notice 1')
})

test.concurrent('a model that the server does not list is a notice until a call works', async () => {
  await using model = startModel()
  const error = {
    message: 'The model does not exist',
    type: 'invalid_request_error',
    code: 'model_not_found',
  }
  model.describe = () => Response.json({ error }, { status: 404 })
  // Some servers list thousands of models.
  model.list = () =>
    listed(...Array.from({ length: 10_000 }, (_, n) => `vendor/a-model-with-a-long-name-${n}`))
  await using server = await startServer({ model, timings })

  const notice = 'The server does not know the model test: check OPENAI_MODEL.'
  expect(await noticesOf(server)).toEqual([notice])

  // llama.cpp lists the path of its file, and accepts any name.
  await server.generate('user_1')
  expect((await (await server.fetch('/ready')).json()) as object).toEqual({ status: 'ok', notices: [] })

  model.author = () => Response.json({ error }, { status: 404 })
  await server.generate('user_1')
  expect(await noticesOf(server)).toEqual([notice])
})

test.concurrent.each([401, 403])(
  'a key that is refused when the model is looked up (%i) is a notice',
  async (status) => {
    await using model = startModel()
    model.describe = () => Response.json({ error: { message: 'secret words' } }, { status })
    await using server = await startServer({ model, timings })

    expect(await noticesOf(server)).toEqual([keyNotice])
    expect(server.lines.map(({ msg }) => msg)).toContain(keyNotice)
    expect(await (await server.fetch('/metrics')).text()).toContain('model_notice 1')
    expect(JSON.stringify(server.lines)).not.toContain('secret words')

    // A key may be valid for generations, but not for the list of models.
    await server.generate('user_1')
    expect(await (await server.fetch('/metrics')).text()).toContain('model_notice 0')
  },
)

test.concurrent.each([401, 403])(
  'a key that is refused for a call (%i) is a notice until a call works',
  async (status) => {
    await using model = startModel()
    await using server = await startServer({ model, timings })
    const { author } = model
    model.author = () => new Response('no', { status })

    await server.generate('user_1')

    expect((await (await server.fetch('/ready')).json()) as object).toEqual({
      status: 'ok',
      notices: [keyNotice],
    })
    expect(server.lines.filter(({ msg }) => msg === keyNotice)).toHaveLength(1)
    model.author = author
    await server.generate('user_1')
    expect((await (await server.fetch('/ready')).json()) as object).toEqual({ status: 'ok', notices: [] })
  },
)

test.concurrent.each<[string, () => Response, (() => Response)?]>([
  ['knows nothing of models', () => new Response('Not found', { status: 404 })],
  ['lists the model, and has no route for one', missing, () => listed('other', 'test')],
  ['lists something else', missing, () => Response.json({ data: [{ name: 'other' }] })],
  ['lists nothing that is a list', missing, () => Response.json({ data: { id: 'other' } })],
  ['lists the models in words', missing, () => new Response('other')],
  ['fails to list', missing, () => new Response('no', { status: 500 })],
  ['fails', () => Response.json({ error: { message: 'secret words' } }, { status: 500 })],
  ['knows the model well', () => Response.json({ id: 'test', object: 'model' })],
])(
  'a model server that %s causes no notice',
  async (_, describe, list = () => new Response('no', { status: 404 })) => {
    const asked = Promise.withResolvers<void>()
    await using model = startModel()
    model.describe = () => {
      if (describe !== missing) asked.resolve()
      return describe()
    }
    model.list = () => {
      asked.resolve()
      return list()
    }
    await using server = await startServer({ model, timings })
    await asked.promise
    // The server reads the answer before the generation ends.
    await server.generate('user_1')

    expect((await (await server.fetch('/ready')).json()) as object).toEqual({ status: 'ok', notices: [] })
    expect(JSON.stringify(server.lines)).not.toContain('secret words')
  },
)
