import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SQL } from 'bun'
import { transfer } from '../../src/commands/transfer.ts'
import { runHere } from '../support/command.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startModel } from '../support/model.ts'
import { startPostgres } from '../support/postgres.ts'
import { runToEnd } from '../support/process.ts'
import { type Server, startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

let postgres: Awaited<ReturnType<typeof startPostgres>>
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(async () => postgres[Symbol.asyncDispose]())

/** The quotas and histories of these users. */
const seenBy = (server: Server, users: string[]) =>
  Promise.all(
    users.map(async (user) => ({
      quota: (await server.quota(user)).body,
      history: (await server.history(user)).body,
    })),
  )

test('a transfer to PostgreSQL keeps quotas, histories, idempotency keys and pool', async () => {
  await using model = startModel()
  await using old = await startServer({ model, env: { POOL_SIZE: '2' } })
  const users = ['user_1', 'user_2', 'user_3']
  for (const user of users) {
    for (const difficulty of ['easy', 'hard'])
      await old.generate(user, difficulty, { 'idempotency-key': difficulty })
  }
  const before = await seenBy(old, users)
  const url = await postgres.createDatabase()
  const env = { DATABASE_URL: url }

  const moved = await runToEnd({ cwd: dirname(old.path), env, args: ['transfer', old.path] })
  const again = await runHere(transfer, [old.path], env)

  expect(moved.exitCode).toBe(0)
  expect(moved.stdout).toMatch(
    /^Questions: (\d+) read, \1 new, 0 here already\.\nChallenges: 6 read, 6 new, 0 here already\.\nQuotas: 3 read, 3 new, 0 here already\.\n$/,
  )
  expect(again.stdout).toMatch(
    /^Questions: (\d+) read, 0 new, \1 here already\.\nChallenges: 6 read, 0 new, 6 here already\.\nQuotas: 3 read, 0 new, 3 here already\.\n$/,
  )
  await using server = await startServer({ model, env: { DATABASE_URL: url } })
  expect(await seenBy(server, users)).toEqual(before)
  const calls = model.calls('challenge')
  const repeated = await server.generate('user_1', 'easy', { 'idempotency-key': 'easy' })
  expect(repeated.body.id).toBe(Number(before[0]?.history.challenges.at(-1)?.id))
  expect((await server.generate('user_4', 'easy')).status).toBe(200)
  // The challenge of user_4 came from the transferred pool.
  expect(model.calls('challenge')).toBe(calls)
})

test('a transferred idempotency key belongs to the topic that was asked for', async () => {
  await using old = await startServer()
  const key = { 'idempotency-key': 'k' }
  const first = await old.generateOn('user_1', 'sql', 'easy', key)
  const url = await postgres.createDatabase()
  await runHere(transfer, [old.path], { DATABASE_URL: url })

  await using server = await startServer({ env: { DATABASE_URL: url } })

  expect((await server.generateOn('user_1', 'sql', 'easy', key)).body).toEqual(first.body)
  expect((await server.generate('user_1', 'easy', key)).status).toBe(422)
})

test('new rows get ids that no transferred row has, also in a database with rows', async () => {
  await using model = startModel()
  await using old = await startServer({ model })
  for (let n = 0; n < 3; n++) await old.generate('user_1')
  const url = await postgres.createDatabase()
  await using server = await startServer({ model, env: { DATABASE_URL: url } })
  await server.generate('user_2')

  const { stdout } = await runHere(transfer, [old.path], { DATABASE_URL: url })

  expect(stdout).toContain('Challenges: 3 read, 3 new, 0 here already.')
  await server.generate('user_2')
  await server.quota('user_3')
  const client = new SQL(url, { max: 1 })
  const [counts] = await client`SELECT count(*)::int AS rows, count(DISTINCT id)::int AS ids FROM challenges`
  await client.close()
  expect(counts).toEqual({ rows: 5, ids: 5 })
  expect((await server.history('user_1')).body.challenges).toHaveLength(3)
  expect((await server.quota('user_1')).body.quota_remaining).toBe(47)
})

test('a file is not transferred to itself, whatever its path is', async () => {
  await using server = await startServer()
  await server.generate('user_1')
  const other = `${server.path}.link`
  symlinkSync(server.path, other)

  for (const path of [server.path, other, join(dirname(server.path), '.', 'x', '..', 'challenges.db')]) {
    const { failure } = await runHere(transfer, [path], { DATABASE_URL: `file:${server.path}` })
    expect(failure).toContain('DATABASE_URL names the file that is to be moved')
  }
  expect((await server.history('user_1')).body.challenges).toHaveLength(1)
})

test('two files that are transferred to one database keep all their rows', async () => {
  using folder = temporaryFolder()
  const env = { DATABASE_URL: `file:${join(folder.path, 'both.db')}` }
  await using one = await startServer()
  await using other = await startServer()
  await Promise.all([one.generate('user_1'), other.generate('user_2', 'hard')])
  for (const { path } of [one, other]) {
    expect((await runHere(transfer, [path], env)).stdout).toContain(
      'Challenges: 1 read, 1 new, 0 here already.',
    )
  }
})
