import { expect, setDefaultTimeout, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { until } from '../support/async.ts'
import { sessionToken } from '../support/clerk.ts'
import { untilRefused } from '../support/client.ts'
import { temporaryFolder } from '../support/folder.ts'
import { goodChallenge, startModel, startPausedModel } from '../support/model.ts'
import { main, type ServerProcess, startInFolder } from '../support/process.ts'
import { openConnection, rawRequest } from '../support/raw-http.ts'

setDefaultTimeout(60_000)

async function stopsPromptly(server: ServerProcess) {
  const start = performance.now()
  server.kill('SIGTERM')
  expect(await server.ended).toBe(0)
  // The server drains requests in flight for 30 seconds: nothing here counts as one.
  expect(performance.now() - start).toBeLessThan(20_000)
}

test.each<{ signals: NodeJS.Signals[] }>([
  { signals: ['SIGINT', 'SIGINT'] },
  { signals: ['SIGHUP'] },
  { signals: ['SIGTERM', 'SIGINT', 'SIGTERM'] },
])(
  'on $signals requests in flight are answered and logged, new ones are refused, and the exit code is 0',
  async ({ signals }) => {
    using folder = temporaryFolder()
    await using model = startPausedModel()
    await using server = await startInFolder(folder.path, model)
    const answers = Array.from({ length: 8 }, (_, n) => server.generate(`user_${n % 2}`))
    await until(() => model.active === 8, 'all eight generations are in flight')

    for (const signal of signals) {
      server.kill(signal)
      // Two pending signals of one kind would be delivered as one.
      await untilRefused(server)
    }
    model.resume()

    const given = await Promise.all(answers)
    expect(given.map(({ status, body }) => [status, body.source])).toEqual(Array(8).fill([200, 'ai']))
    expect(await server.ended).toBe(0)
    expect(server.stderr()).toBe('')
    const logged = server
      .log()
      .filter(({ path, status }) => path === '/api/generate-challenge' && status === 200)
    expect(logged).toHaveLength(8)

    const { owned, quotas } = server.readDatabase()
    expect(owned.map(({ id }) => id)).toEqual(given.map(({ body }) => body.id).sort((a, b) => a - b))
    expect(quotas.map(({ limit, remaining }) => limit - remaining)).toEqual([4, 4])
  },
)

test('a stop waits for a request whose body is still arriving', async () => {
  using folder = temporaryFolder()
  await using model = startModel()
  await using server = await startInFolder(folder.path, model)
  using connection = await openConnection(server.port)
  const session = { authorization: `Bearer ${await sessionToken('user_1')}` }
  const headers = { ...session, 'content-type': 'application/json' }
  const request = rawRequest('POST', '/api/generate-challenge', headers, '{"difficulty":"easy"}')
  connection.write(request.slice(0, -15))
  await until(async () => (await server.fetch('/health')).ok, 'the server has read the head')

  server.kill('SIGTERM')
  await untilRefused(server)
  connection.write(request.slice(-15))
  await until(() => connection.closed, 'the connection is closed')
  expect(connection.received).toStartWith('HTTP/1.1 200 OK\r\n')
  expect(await server.ended).toBe(0)
})

test('a stop does not wait for silent, half-sent, idle or busy connections', async () => {
  using folder = temporaryFolder()
  await using model = startModel()
  await using server = await startInFolder(folder.path, model)
  const request = rawRequest('GET', '/health')
  using silent = await openConnection(server.port)
  using broken = await openConnection(server.port)
  using idle = await openConnection(server.port)
  using restless = await openConnection(server.port)
  broken.write(request.slice(0, -10))
  idle.write(request)
  await until(() => idle.received.endsWith('{"status":"ok"}'), 'the answer')
  const asking = setInterval(() => restless.write(request), 5)
  await until(() => restless.received.split('HTTP/1.1 200').length > 5, 'five answers')
  expect([silent, broken].map(({ received, closed }) => [received, closed])).toEqual(
    Array(2).fill(['', false]),
  )

  await stopsPromptly(server)
  clearInterval(asking)
})

test('a stop cancels a hanging call of the pool’s filler at once', async () => {
  using folder = temporaryFolder()
  await using model = startModel()
  await using server = await startInFolder(folder.path, model, { env: { POOL_SIZE: '3' } })
  model.author = () => (model.calls('challenge') === 1 ? goodChallenge() : new Promise(() => undefined))
  expect((await server.generate('user_1')).status).toBe(200)
  const filling = await until(() => model.requests[1], 'the pool is being filled')

  await stopsPromptly(server)
  await until(() => filling.signal.aborted, 'the call is cancelled')
})

test('a stalled reader of the log delays neither answers nor the stop', async () => {
  using folder = temporaryFolder()
  const server = spawn(process.execPath, [main], { cwd: folder.path, env: { PORT: '0' } })
  const ended = new Promise((resolve) => server.once('exit', resolve))
  try {
    let read = ''
    server.stdout.on('data', (data) => {
      read += data
    })
    const port = await until(() => /"port":(\d+)/.exec(read)?.[1], 'the server listens')
    server.stdout.pause()
    // The log lines exceed the buffer of the pipe.
    for (let n = 0; n < 1500; n++) {
      const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(20_000) })
      expect(await answer.text()).toBe('{"status":"ok"}')
    }
    server.kill('SIGTERM')
    expect(await ended).toBe(0)
  } finally {
    server.kill('SIGKILL')
    await ended
  }
})
