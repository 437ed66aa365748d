import { expect, setDefaultTimeout, test } from 'bun:test'
import { problems } from '../../src/problem.ts'
import { until } from '../support/async.ts'
import { untilRefused } from '../support/client.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startModel } from '../support/model.ts'
import { expectProblem } from '../support/problem-details.ts'
import { runToEnd, startInFolder } from '../support/process.ts'

setDefaultTimeout(60_000)

test.concurrent('for STOP_DELAY_SECONDS a stopping server is not ready, and takes requests, also after a second signal', async () => {
  using folder = temporaryFolder()
  await using model = startModel()
  await using server = await startInFolder(folder.path, model, { env: { STOP_DELAY_SECONDS: '3' } })
  expect((await server.fetch('/ready')).status).toBe(200)
  const start = performance.now()

  server.kill('SIGTERM')
  await until(async () => (await server.fetch('/ready')).status === 503, 'the server is not ready')
  server.kill('SIGINT')

  // Each request opens a connection of its own.
  const headers = { connection: 'close' }
  expect(await (await server.fetch('/ready', { headers })).json()).toEqual(problems.stopping().toJSON())
  await expectProblem(server.fetch('/ready', { headers }), 503, 'unavailable')
  expect((await server.fetch('/health', { headers })).status).toBe(200)
  expect((await server.generate('user_1', 'easy', headers)).status).toBe(200)
  await untilRefused(server)
  expect(performance.now() - start).toBeWithin(2900, 20_000)

  expect(await server.ended).toBe(0)
  expect(server.log().filter(({ level }) => level === 'error' || level === 'warn')).toEqual([])
})

test.concurrent('a start that fails does not wait for STOP_DELAY_SECONDS', async () => {
  using folder = temporaryFolder()
  using taken = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() })
  const env = { PORT: String(taken.port), STOP_DELAY_SECONDS: '300' }

  const { exitCode, signal } = await runToEnd({ cwd: folder.path, env })

  expect({ exitCode, signal }).toEqual({ exitCode: 1, signal: null })
})
