import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { connect } from 'node:http2'
import { parseConfig } from '../../src/config.ts'
import { until } from '../support/async.ts'
import { sessionToken } from '../support/clerk.ts'
import { portOf } from '../support/client.ts'
import { goodChallenge, startModel } from '../support/model.ts'
import { siteFile, skipsNginx, startNginx } from '../support/nginx.ts'
import { startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

type Sent = { method?: string; headers?: Record<string, string>; body?: string }

/** A client that speaks HTTP/2 over TLS, and sends paths as they are. */
function openClient({ url, certificate }: { url: string; certificate: string }) {
  const session = connect(url, { ca: certificate })
  async function ask(path: string, { method = 'GET', headers = {}, body }: Sent = {}) {
    const authorization = `Bearer ${await sessionToken('user_1')}`
    const stream = session.request({ ':path': path, ':method': method, authorization, ...headers })
    stream.end(body)
    const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>()
    stream.on('response', resolve)
    stream.on('error', reject)
    const answered = await promise
    let text = ''
    for await (const chunk of stream) text += chunk
    return { status: answered[':status'], headers: answered, text, protocol: session.alpnProtocol }
  }
  return { ask, [Symbol.dispose]: () => session.destroy() }
}

async function startBehindNginx(options: Parameters<typeof startServer>[0] = {}) {
  const stack = new AsyncDisposableStack()
  const server = stack.use(await startServer(options))
  const nginx = stack.use(await startNginx(portOf(server)))
  const client = stack.use(openClient(nginx))
  return { server, nginx, ...client, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

const json = { 'content-type': 'application/json' }

describe.skipIf(skipsNginx)('behind the nginx of deploy/nginx.conf', () => {
  test('the API answers over TLS and HTTP/2, under the request id that both logs have', async () => {
    await using proxied = await startBehindNginx()
    const answer = await proxied.ask('/api/generate-challenge', {
      method: 'POST',
      headers: { ...json, 'x-request-id': 'front-end-7' },
      body: '{"difficulty":"easy"}',
    })

    expect(answer).toMatchObject({ status: 200, protocol: 'h2', headers: { 'x-request-id': 'front-end-7' } })
    expect(JSON.parse(answer.text)).toMatchObject({ difficulty: 'easy' })
    // nginx writes the line after it has sent the answer.
    const line = / POST \/api\/generate-challenge 200 \S+ front-end-7\n/
    await until(async () => line.test(await proxied.nginx.accessLog()), 'nginx logs the request')
    expect(proxied.server.lines).toContainEqual(expect.objectContaining({ requestId: 'front-end-7' }))
    const unsigned = { method: 'POST', headers: json, body: '{}' }
    expect((await proxied.ask('/webhooks/clerk', unsigned)).status).toBe(401)
  })

  test('no other path is reached, whatever its spelling', async () => {
    await using proxied = await startBehindNginx()
    const hidden = ['metrics', 'ready', 'health', 'openapi', 'openapi/json', '']
    const spellings = [
      '/',
      '/.\\',
      '/x\\..\\',
      '/%2e\\',
      '//',
      '/./',
      '/%2e/',
      '/api/../',
      '/api/%2e%2e/',
      '/api/..%2f',
    ]
    for (const path of hidden) {
      for (const spelling of spellings) {
        const target = spelling + path
        expect([target, (await proxied.ask(target)).status]).toEqual([target, 404])
      }
    }
    // nginx passes these on, since it does not know the backslash: the server refuses them.
    for (const target of ['/api/..\\metrics', '/api/x\\..\\..\\metrics', '/api/%5c..%5c..%5cmetrics'])
      expect([400, 404]).toContain((await proxied.ask(target)).status as number)
    expect(proxied.server.lines.filter(({ status }) => status === 200)).toEqual([])
  })

  test('the refusal of a large body reaches the client unchanged', async () => {
    await using proxied = await startBehindNginx()
    const body = JSON.stringify('x'.repeat(66_000))
    const refused: [path: string, sent: Sent, status: number][] = [
      ['/api/generate-challenge', { method: 'POST', headers: json, body }, 413],
      ['/api/generate-challenge', { method: 'POST', headers: { 'content-type': 'text/plain' }, body }, 415],
      ['/api/quota', { method: 'POST', headers: json, body }, 405],
      ['/webhooks/clerk', { method: 'PUT', headers: json, body }, 405],
    ]
    // Several rounds, since a connection that is closed too early fails only now and then.
    for (let round = 0; round < 10; round++) {
      const answers = await Promise.all(refused.map(([path, sent]) => proxied.ask(path, sent)))
      expect(answers.map(({ status }) => status)).toEqual(refused.map(([, , status]) => status))
      for (const { headers } of answers) expect(headers['content-type']).toBe('application/problem+json')
    }
  })

  test('a slow generation is not cut off', async () => {
    await using model = startModel()
    model.author = async () => {
      await Bun.sleep(2500)
      return goodChallenge()
    }
    // The generation takes longer than an idle connection is kept.
    await using proxied = await startBehindNginx({ model, env: { IDLE_TIMEOUT_SECONDS: '1' } })
    const sent = { method: 'POST', headers: json, body: '{"difficulty":"easy"}' }
    const answer = await proxied.ask('/api/generate-challenge', sent)

    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.text)).toMatchObject({ source: 'ai' })
  })
})

test('the times of deploy/nginx.conf fit the defaults of the server', async () => {
  const text = await Bun.file(siteFile).text()
  const seconds = (name: string) => Number(new RegExp(`^ *${name} (\\d+)s;`, 'm').exec(text)?.[1])
  const config = parseConfig({})

  expect(seconds('proxy_read_timeout')).toBeGreaterThan(config.generationTimeoutMs / 1000 + 10)
  expect(seconds('keepalive_timeout')).toBeLessThanOrEqual(config.idleTimeoutSeconds - 5)
})
