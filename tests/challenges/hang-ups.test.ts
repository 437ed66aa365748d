import { expect, setDefaultTimeout, test } from 'bun:test'
import { sessionToken } from '../support/clerk.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startHeldModel } from '../support/held-model.ts'
import { startModel } from '../support/model.ts'
import { startInFolder, until } from '../support/process.ts'
import { openConnection, rawRequest } from '../support/raw-http.ts'

// Processes are started here: a busy machine takes its time.
setDefaultTimeout(20_000)

const easy = '{"difficulty":"easy"}'

async function generation(user: string, more: Record<string, string> = {}) {
  const session = { authorization: `Bearer ${await sessionToken(user)}` }
  const headers = { ...session, 'content-type': 'application/json', ...more }
  return rawRequest('POST', '/api/generate-challenge', headers, easy)
}

test('clients that hang up while a challenge is generated pay nothing, and it waits for the next one', async () => {
  using folder = temporaryFolder()
  await using model = startHeldModel()
  await using server = await startInFolder(folder.path, model)
  for (let n = 0; n < 20; n++) {
    using connection = await openConnection(server.port)
    connection.write(await generation(`user_${n}`))
    await until(() => model.calls('challenge') === n + 1, 'the challenge is being generated')
  }
  model.release()
  await until(() => server.ledger().ready === 20, 'all twenty are in the pool')
  expect(server.ledger().quotas.map(({ remaining }) => remaining)).toEqual(Array(20).fill(50))

  const answers = await Promise.all(Array.from({ length: 20 }, () => server.generate('user_1')))
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
  expect(model.calls('challenge')).toBe(20)
})

test('a trailer that comes while a challenge is generated is refused, and the challenge waits for the next one', async () => {
  using folder = temporaryFolder()
  await using model = startHeldModel()
  await using server = await startInFolder(folder.path, model)
  using connection = await openConnection(server.port)
  const whole = await generation('user_1', { 'transfer-encoding': 'chunked' })
  const head = whole.replace(/content-length.*\r\n/, '').slice(0, -easy.length)
  connection.write(`${head}${easy.length.toString(16)}\r\n${easy}\r\n0\r\n`)
  await until(() => model.calls('challenge') === 1, 'the challenge is being generated')
  connection.write('X-Sum: 1\r\n\r\n')
  await until(() => connection.closed, 'the server closes the connection')
  model.release()
  await until(() => server.ledger().ready === 1, 'it is in the pool')
  expect(connection.received).toStartWith('HTTP/1.1 400')
  expect(server.ledger().quotas).toMatchObject([{ user: 'user_1', remaining: 50 }])
})

test('who hangs up but has named the request finds the challenge under its key, paid once', async () => {
  using folder = temporaryFolder()
  await using model = startHeldModel()
  await using server = await startInFolder(folder.path, model)
  {
    using connection = await openConnection(server.port)
    connection.write(await generation('user_1', { 'idempotency-key': 'k1' }))
    await until(() => model.calls('challenge') === 1, 'the challenge is being generated')
  }
  model.release()
  await until(() => server.ledger().owned.length === 1, 'it is handed over')
  const { body } = await server.generate('user_1', 'easy', { 'idempotency-key': 'k1' })
  expect(server.ledger().owned).toMatchObject([{ id: body.id, user: 'user_1', key: 'k1' }])
  expect((await server.quota('user_1')).body.quota_remaining).toBe(49)
  expect(model.calls('challenge')).toBe(1)
})

test('a hang-up, while a challenge is generated or within the body, is a 499 in log and metrics, and no warning', async () => {
  using folder = temporaryFolder()
  await using model = startHeldModel()
  await using server = await startInFolder(folder.path, model, { env: { LOG_LEVEL: 'trace' } })
  const requests = () => server.log().filter(({ path }) => path === '/api/generate-challenge')
  {
    using connection = await openConnection(server.port)
    connection.write(await generation('user_1'))
    await until(() => model.calls('challenge') === 1, 'the challenge is being generated')
  }
  model.release()
  await until(() => requests().length === 1, 'the first is logged')
  {
    using connection = await openConnection(server.port)
    connection.write((await generation('user_1')).slice(0, -5))
    await until(async () => (await server.fetch('/health')).ok, 'the body is being read')
  }
  await until(() => requests().length === 2, 'the second is logged')

  expect(requests().map(({ status }) => status)).toEqual([499, 499])
  const metrics = await (await server.fetch('/metrics')).text()
  expect(metrics).toContain('_count{route="/api/generate-challenge",status="499"} 2')
  expect(server.log().filter(({ level }) => level === 'warn' || level === 'error')).toEqual([])
})

test('clients that hang up in the middle of the head, before the body or within it leave nothing behind', async () => {
  using folder = temporaryFolder()
  await using model = startModel()
  await using server = await startInFolder(folder.path, model)
  const whole = await generation('user_1')
  for (const end of [60, -easy.length, -5]) {
    for (let n = 0; n < 30; n++) {
      using connection = await openConnection(server.port)
      connection.write(whole.slice(0, end))
      if (n % 2 === 0) await server.fetch('/health')
    }
  }
  expect((await server.quota('user_1')).body.quota_remaining).toBe(50)
  expect(server.ledger().owned).toEqual([])
  expect(server.log().filter(({ level }) => level === 'error')).toEqual([])
  expect(model.requests).toEqual([])
})
