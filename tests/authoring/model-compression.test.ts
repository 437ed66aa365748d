import { expect, test } from 'bun:test'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { expectFreeBankChallenge, readOutput } from '../support/authoring.ts'
import { completion, goodChallenge, startModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'

const megabyte = 1e6
/** A good answer after 200 megabytes of spaces, which compress well. */
const large = Buffer.concat([Buffer.alloc(200 * megabyte, ' '), await good()])

async function good() {
  return Buffer.from(await completion(JSON.stringify(goodChallenge())).arrayBuffer())
}

const respond = (body: Buffer, encoding: string, status = 200) =>
  new Response(new Uint8Array(body), {
    status,
    headers: { 'content-type': 'application/json', 'content-encoding': encoding },
  })

const bombs: [string, Buffer][] = [
  ['gzip', gzipSync(large)],
  ['br', brotliCompressSync(large, { params: { 1: 4 } })],
  ['zstd', zstdCompressSync(large)],
  ['deflate', deflateSync(large)],
]

test.each(bombs)(
  'a %s bomb from the model is not decompressed, and is logged as the fault compressed',
  async (encoding, bomb) => {
    expect(bomb.length).toBeLessThan(megabyte)
    await using model = startModel()
    await using server = await startServer({ model })
    model.author = () => respond(bomb, encoding)
    const before = process.memoryUsage.rss()

    await expectFreeBankChallenge(server)

    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * megabyte)
    expect(readOutput(server)).toContain('"fault":"compressed"')
    expect(await (await server.fetch('/metrics')).text()).toContain(
      'model_faults_total{fault="compressed"} 3',
    )
  },
)

test.each([
  ['gzip', gzipSync(await good())],
  ['x-gzip', gzipSync(await good())],
  ['GZIP', gzipSync(await good())],
  ['gzip, br', brotliCompressSync(gzipSync(await good()))],
  ['br', brotliCompressSync(await good())],
  ['aes128gcm', await good()],
  ['gzip', Buffer.from('no gzip at all')],
])('an answer with the content encoding %s is not read', async (encoding, body) => {
  await using model = startModel()
  await using server = await startServer({ model })
  model.author = () => respond(body, encoding)

  await expectFreeBankChallenge(server)

  expect(readOutput(server)).toContain('"fault":"compressed"')
})

test.each([
  [401, 'unauthorized'],
  [429, 'rate_limited'],
  [503, 'server_error'],
])('a compressed error with status %i is classified by its status', async (status, fault) => {
  await using model = startModel()
  await using server = await startServer({ model })
  model.author = () => respond(gzipSync('{"error":{}}'), 'gzip', status)

  await expectFreeBankChallenge(server)

  expect(readOutput(server)).toContain(`"fault":"${fault}"`)
})

test('the request asks for no compression, and an answer with the encoding identity is read', async () => {
  const asked: (string | null)[] = []
  await using model = startModel()
  await using server = await startServer({ model })
  model.author = async ({ headers }) => {
    asked.push(headers.get('accept-encoding'))
    return respond(await good(), 'identity')
  }

  expect((await server.generate('user_1')).body.source).toBe('ai')
  expect(asked).toEqual(['identity'])
})
