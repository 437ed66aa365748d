import { expect, setDefaultTimeout, test } from 'bun:test'
import { copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../support/async.ts'
import type { Client } from '../support/client.ts'
import { readDatabase } from '../support/database.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startModel } from '../support/model.ts'
import { expectUnavailable } from '../support/problem-details.ts'
import { type ServerProcess, startInFolder } from '../support/process.ts'
import { startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

const credits = { QUOTA_INITIAL: '100000' }

/** Eight users who ask for challenges until the server refuses. */
function startLoad(client: Client, prefix = 'user') {
  const acknowledged: number[] = []
  const learn = async (user: string) => {
    for (;;) {
      const answer = await client.generate(user)
      if (answer.status !== 200) return answer
      acknowledged.push(answer.body.id)
    }
  }
  const refusals = Promise.all(Array.from({ length: 8 }, (_, n) => learn(`${prefix}_${n}`)))
  return { acknowledged, refusals }
}

async function expectNothingServed(server: Client) {
  expectUnavailable([
    await server.generate('user_1'),
    await server.deliver('user.created', 'user_new'),
    await server.quota('user_1'),
    await server.history('user_1'),
  ])
  expect((await server.fetch('/ready')).status).toBe(503)
  expect((await server.fetch('/health')).status).toBe(200)
}

async function stop(server: ServerProcess) {
  server.kill('SIGTERM')
  expect(await server.ended).toBe(0)
}

const replace = (path: string) => {
  copyFileSync(path, `${path}.copy`)
  renameSync(`${path}.copy`, path)
}

test.each<[string, (file: string) => void, string]>([
  ['-wal removed', (file) => rmSync(`${file}-wal`), 'WAL'],
  ['-shm removed', (file) => rmSync(`${file}-shm`), 'SHM'],
  ['-wal replaced by a copy of itself', (file) => replace(`${file}-wal`), 'WAL'],
  ['-shm replaced by a copy of itself', (file) => replace(`${file}-shm`), 'SHM'],
])(
  'with %s under load the server acknowledges no more requests, and a restart finds all acknowledged ones',
  async (_, harm, name) => {
    using folder = temporaryFolder()
    await using model = startModel()
    const path = join(folder.path, 'challenges.db')
    const options = { model, env: { ...credits, DATABASE_URL: `file:${path}` } }
    const server = await startServer(options)
    const { acknowledged, refusals } = startLoad(server)
    await until(() => acknowledged.length > 20, 'the server acknowledges challenges')

    harm(path)

    expectUnavailable(await refusals)
    await expectNothingServed(server)
    expect(JSON.stringify(server.lines)).toContain(`DATABASE_${name}_MOVED`)

    await server[Symbol.asyncDispose]()
    await using next = await startServer(options)
    const { integrity, owned } = readDatabase(path)
    expect(integrity).toEqual(['ok'])
    expect(owned.map(({ id }) => id)).toEqual(acknowledged.sort((a, b) => a - b))
    expect((await next.generate('user_1')).status).toBe(200)
    expect((await next.fetch('/ready')).status).toBe(200)
  },
)

test('two servers on one file whose -wal is removed stop acknowledging, and no acknowledged challenge is lost', async () => {
  using folder = temporaryFolder()
  await using model = startModel()
  await using one = await startInFolder(folder.path, model, { env: credits })
  await using other = await startInFolder(folder.path, model, { env: credits })
  const loads = [startLoad(one, 'one'), startLoad(other, 'other')]
  await until(
    () => loads.every(({ acknowledged }) => acknowledged.length > 10),
    'both acknowledge challenges',
  )

  rmSync(`${one.path}-wal`)

  for (const { refusals } of loads) expectUnavailable(await refusals)
  await expectNothingServed(one)
  await expectNothingServed(other)
  await stop(one)
  await stop(other)
  const { integrity, owned } = one.readDatabase()
  expect(integrity).toEqual(['ok'])
  expect(owned.map(({ id }) => id)).toEqual(
    loads.flatMap(({ acknowledged }) => acknowledged).sort((a, b) => a - b),
  )
})

test('the files of a database behind a symbolic link are watched', async () => {
  using folder = temporaryFolder()
  await using model = startModel()
  for (const name of ['data', 'disk']) mkdirSync(join(folder.path, name))
  symlinkSync(join(folder.path, 'disk/real.db'), join(folder.path, 'data/challenges.db'))
  const env = { DATABASE_URL: `file:${join(folder.path, 'data/challenges.db')}` }
  await using server = await startServer({ model, env })
  expect((await server.generate('user_1')).status).toBe(200)

  rmSync(join(folder.path, 'disk/real.db-wal'))

  await expectNothingServed(server)
})
