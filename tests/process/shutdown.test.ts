import { expect, setDefaultTimeout, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { sessionToken } from '../support/clerk.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startHeldModel } from '../support/held-model.ts'
import { goodChallenge, startModel } from '../support/model.ts'
import { main, type ServerProcess, startInFolder, until } from '../support/process.ts'
import { openConnection, rawRequest } from '../support/raw-http.ts'

// Processes are started here: a busy machine takes its time.
setDefaultTimeout(20_000)

/** Resolves once the server takes no new connection. */
const refused = ({ url }: ServerProcess) =>
  until(
    () =>
      fetch(`${url}/health`, { keepalive: false }).then(
        () => false,
        () => true,
      ),
    'new connections are refused',
  )

async function stopsPromptly(server: ServerProcess) {
  server.kill('SIGTERM')
  expect(await Promise.race([server.ended, Bun.sleep(2000)])).toBe(0)
}

test.each<{ signals: NodeJS.Signals[] }>([
  { signals: ['SIGINT', 'SIGINT'] },
  { signals: ['SIGTERM', 'SIGINT', 'SIGTERM'] },
])(
  'what is in flight is answered and logged, nothing else is taken, and it exits with 0: $signals',
  async ({ signals }) => {
    using folder = temporaryFolder()
    await using model = startHeldModel()
    await using server = await startInFolder(folder.path, model)
    const answers = Array.from({ length: 8 }, (_, n) => server.generate(`user_${n % 2}`))
    await until(() => model.active === 8, 'all eight are being generated')

    for (const signal of signals) {
      server.kill(signal)
      // Two that are pending at the same moment would be one.
      await refused(server)
    }
    model.release()

    const given = await Promise.all(answers)
    expect(given.map(({ status, body }) => [status, body.source])).toEqual(Array(8).fill([200, 'ai']))
    expect(await server.ended).toBe(0)
    expect(server.stderr()).toBe('')
    const logged = server
      .log()
      .filter(({ path, status }) => path === '/api/generate-challenge' && status === 200)
    expect(logged).toHaveLength(8)

    const { owned, quotas } = server.ledger()
    expect(owned.map(({ id }) => id)).toEqual(given.map(({ body }) => body.id).sort((a, b) => a - b))
    expect(quotas.map(({ limit, remaining }) => limit - remaining)).toEqual([4, 4])
  },
)

test('a request whose body is still arriving is in flight too', async () => {
  using folder = temporaryFolder()
  await using model = startModel()
  await using server = await startInFolder(folder.path, model)
  using connection = await openConnection(server.port)
  const session = { authorization: `Bearer ${await sessionToken('user_1')}` }
  const headers = { ...session, 'content-type': 'application/json' }
  const request = rawRequest('POST', '/api/generate-challenge', headers, '{"difficulty":"easy"}')
  connection.write(request.slice(0, -15))
  await until(async () => (await server.fetch('/health')).ok, 'the head has been read')

  server.kill('SIGTERM')
  await refused(server)
  connection.write(request.slice(-15))
  await until(() => connection.closed, 'the connection is closed')
  expect(connection.received).toStartWith('HTTP/1.1 200 OK\r\n')
  expect(await server.ended).toBe(0)
})

test('connections without a byte, with half a head, idle after an answer, or never done asking do not delay the stop', async () => {
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

test('a filler that hangs is given up at once', async () => {
  using folder = temporaryFolder()
  await using model = startModel()
  await using server = await startInFolder(folder.path, model, { env: { POOL_SIZE: '3' } })
  model.author = () => (model.calls('challenge') === 1 ? goodChallenge() : new Promise(() => undefined))
  expect((await server.generate('user_1')).status).toBe(200)
  const filling = await until(() => model.requests[1], 'the pool is being filled')

  await stopsPromptly(server)
  await until(() => filling.signal.aborted, 'the call is given up')
})

test('a reader of the log that has stalled delays neither answers nor the stop', async () => {
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
    // More than a pipe holds.
    for (let n = 0; n < 1500; n++) {
      const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2000) })
      expect(await answer.text()).toBe('{"status":"ok"}')
    }
    server.kill('SIGTERM')
    expect(await Promise.race([ended, Bun.sleep(4000)])).toBe(0)
  } finally {
    server.kill('SIGKILL')
    await ended
  }
})
