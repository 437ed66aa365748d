import { expect, setDefaultTimeout, test } from 'bun:test'
import { expectFreeBankChallenge } from '../support/authoring.ts'
import { startModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'
import { freePort } from '../support/tcp-path.ts'

setDefaultTimeout(60_000)

/** Leaves time for three attempts on a busy machine. */
const env = { GENERATION_TIMEOUT_MS: '15000' }

type Peer = Bun.Socket<undefined>

/** A TCP server on loopback that answers a request with any bytes, or not at all. */
function startPeer(answer: (socket: Peer) => void) {
  const peer = { asked: 0 }
  const listener = Bun.listen({
    hostname: '127.0.0.1',
    port: 0,
    socket: {
      data(socket, bytes) {
        if (bytes.toString().startsWith('POST')) peer.asked++
        answer(socket)
      },
      error: () => undefined,
    },
  })
  const url = `http://127.0.0.1:${listener.port}/v1`
  return Object.assign(peer, { url, [Symbol.dispose]: () => listener.stop(true) })
}

const half = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9000\r\n\r\n{"choices":['
const chunked = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n'

test.concurrent.each<[string, (socket: Peer) => void]>([
  ['resets the connection', (socket) => socket.terminate()],
  ['closes without a word', (socket) => socket.end()],
  ['breaks off in the status line', (socket) => socket.end('HTTP/1.1 20')],
  ['breaks off in the headers', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-ty')],
  ['closes after half a body', (socket) => socket.end(half)],
  ['resets after half a body', (socket) => socket.write(half) && socket.terminate()],
  ['closes in the middle of a chunk', (socket) => socket.end(`${chunked}ff\r\n{"choices":[`)],
  ['sends a chunk of no size', (socket) => socket.end(`${chunked}zz\r\n{}\r\n`)],
  ['does not speak HTTP', (socket) => socket.end('220 mail.test ESMTP\r\n')],
])('a model server that %s leads to a free challenge of the bank', async (_, answer) => {
  using peer = startPeer(answer)
  await using server = await startServer({ env: { ...env, OPENAI_BASE_URL: peer.url } })

  await expectFreeBankChallenge(server)
})

test.concurrent('a silent model server leads to a free challenge of the bank at the end of the budget', async () => {
  let connections = 0
  using peer = startPeer(() => connections++)
  const env = { OPENAI_BASE_URL: peer.url, GENERATION_TIMEOUT_MS: '1000' }
  await using server = await startServer({ env })

  await expectFreeBankChallenge(server)

  expect(peer.asked).toBe(1)
})

test.concurrent.each([
  ['refuses connections', () => `http://127.0.0.1:${freePort()}/v1`],
  ['has no address', () => 'http://model.invalid/v1'],
])('a model server that %s leads to a free challenge of the bank', async (_, url) => {
  await using server = await startServer({ env: { ...env, OPENAI_BASE_URL: url() } })

  await expectFreeBankChallenge(server)
})

test.concurrent.each([301, 302, 303, 307, 308])(
  'a redirect with status %i is not followed, neither to the same nor to another server',
  async (status) => {
    await using elsewhere = startModel()
    await using model = startModel()
    await using server = await startServer({ model, env })
    const target = (location: string) => () => new Response(null, { status, headers: { location } })

    model.author = target(`${model.url}/chat/completions`)
    await expectFreeBankChallenge(server)
    model.author = target(`${elsewhere.url}/chat/completions`)
    await expectFreeBankChallenge(server)

    expect(model.requests).toHaveLength(6)
    expect(elsewhere.requests).toHaveLength(0)
  },
)
