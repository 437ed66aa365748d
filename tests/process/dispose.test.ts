import { expect, test } from 'bun:test'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compose } from '../../src/compose.ts'
import { parseConfig } from '../../src/config.ts'
import { createLog } from '../../src/log.ts'
import { until } from '../support/async.ts'
import { untilRefused } from '../support/client.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startPausedModel } from '../support/model.ts'
import { environment, startServer } from '../support/server.ts'

const silent = createLog('silent', { write: () => undefined })

/** SQLite keeps this file beside the database while a connection is open. */
const walOf = (folder: string) => join(folder, 'challenges.db-wal')

test.each([
  ['sessions', { JWT_KEY: '' }],
  ['webhooks', { CLERK_WEBHOOK_SECRET: '' }],
])('an identity for %s that cannot be read closes the database', async (_, env) => {
  using folder = temporaryFolder()
  writeFileSync(join(folder.path, 'development-identity.json'), 'broken')
  const config = parseConfig(
    environment({ DATABASE_URL: `file:${join(folder.path, 'challenges.db')}`, ...env }),
  )

  await expect(compose(config, silent)).rejects.toThrow('is not a development identity')

  expect(existsSync(join(folder.path, 'challenges.db'))).toBe(true)
  expect(existsSync(walOf(folder.path))).toBe(false)
})

test('disposing of a server closes its port and its database, and may be repeated', async () => {
  using folder = temporaryFolder()
  const config = parseConfig(environment({ DATABASE_URL: `file:${join(folder.path, 'challenges.db')}` }))
  const parts = await compose(config, silent)
  parts.app.listen({ port: 0, hostname: '127.0.0.1' })
  const url = String(parts.app.server?.url)
  expect((await fetch(`${url}ready`, { keepalive: false })).status).toBe(200)
  expect(existsSync(walOf(folder.path))).toBe(true)

  await parts[Symbol.asyncDispose]()
  await parts[Symbol.asyncDispose]()

  await expect(fetch(`${url}ready`, { keepalive: false })).rejects.toThrow()
  expect(existsSync(walOf(folder.path))).toBe(false)
})

test('a request in flight is answered within drainMs, whatever flushMs is', async () => {
  await using model = startPausedModel()
  await using server = await startServer({ model, timings: { drainMs: 40_000, flushMs: 0 } })
  const answer = server.generate('user_1')
  await until(() => model.active === 1, 'the challenge is being generated')

  const stopped = server[Symbol.asyncDispose]()
  await untilRefused(server)
  model.resume()

  expect((await answer).status).toBe(200)
  await stopped
  expect(server.lines.filter(({ level }) => level === 'warn')).toEqual([])
})

test('a request that takes longer than drainMs is cut off, with a warning', async () => {
  await using model = startPausedModel()
  await using server = await startServer({ model, timings: { drainMs: 100, flushMs: 10 } })
  const answer = server.generate('user_1').then(
    () => 'answered',
    () => 'cut',
  )
  await until(() => model.active === 1, 'the challenge is being generated')
  const start = performance.now()

  await server[Symbol.asyncDispose]()

  expect(performance.now() - start).toBeWithin(90, 5000)
  expect<unknown>(await answer).toBe('cut')
  expect(server.lines).toContainEqual(expect.objectContaining({ level: 'warn', requests: 1 }))
})
