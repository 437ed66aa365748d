import { expect, setDefaultTimeout, test } from 'bun:test'
import { appendFileSync, chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../support/folder.ts'
import { startModel } from '../support/model.ts'
import { expectUnavailable } from '../support/problem-details.ts'
import { startInFolder } from '../support/process.ts'
import { startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

// Mounts a small file system for the server, which needs root or a user namespace.
const smallDisk = (path: string) => [
  ...['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c'],
  ...['mount -t tmpfs -o size=2m tmpfs "$0" && exec "$@"', path],
]
const canMount = Bun.spawnSync(['sh', '-c', 'exec "$@"', 'sh', ...smallDisk('/mnt'), 'true']).exitCode === 0
const orSkipped = canMount ? '' : ' (skipped: a small disk cannot be mounted)'

test.skipIf(!canMount)(
  `while the disk is full, requests are refused with 503 and change nothing; then the server recovers${orSkipped}`,
  async () => {
    using folder = temporaryFolder()
    await using model = startModel()
    mkdirSync(join(folder.path, 'data'))
    await using server = await startInFolder(folder.path, model, {
      within: smallDisk(join(folder.path, 'data')),
      env: { QUOTA_INITIAL: '1000' },
    })
    const disk = join('/proc', String(server.pid), 'root', folder.path, 'data')
    const fill = () =>
      expect(() => {
        for (;;) appendFileSync(join(disk, 'ballast'), Buffer.alloc(4096))
      }).toThrow('ENOSPC')
    // A checkpoint gives the space of the log back, until the database itself must grow.
    const answers = [await server.generate('user_1')]
    const isRefused = ({ status }: { status: number }) => status !== 200
    while (!answers.some(isRefused)) {
      fill()
      answers.push(...(await Promise.all(Array.from({ length: 20 }, () => server.generate('user_1')))))
    }

    expectUnavailable(answers.filter(isRefused))
    const ids = answers.filter(({ status }) => status === 200).map(({ body }) => body.id)
    const listed = async () => (await server.history('user_1', '?limit=500')).body.challenges
    expect((await listed()).map(({ id }) => id)).toEqual(ids.toSorted((a, b) => b - a))
    expect((await server.quota('user_1')).body.quota_remaining).toBe(1000 - ids.length)
    expect(server.log().filter(({ level }) => level === 'error').length).toBeGreaterThan(0)

    rmSync(join(disk, 'ballast'))
    expect((await server.generate('user_1')).status).toBe(200)
    expect((await server.deliver('user.created', 'user_2')).status).toBe(200)
    expect(await listed()).toHaveLength(ids.length + 1)
    server.kill('SIGTERM')
    expect(await server.ended).toBe(0)
  },
)

const permit = (file: number, parent: number) => (folder: string) => {
  chmodSync(join(folder, 'data/challenges.db'), file)
  chmodSync(join(folder, 'data'), parent)
}
const move = (from: string, to: string) => (folder: string) =>
  renameSync(join(folder, from), join(folder, to))

test.each([
  ['made read-only', permit(0o444, 0o555), permit(0o644, 0o755)],
  ['moved away', move('data/challenges.db', 'elsewhere.db'), move('elsewhere.db', 'data/challenges.db')],
  [
    'separated from its -wal',
    move('data/challenges.db-wal', 'elsewhere'),
    move('elsewhere', 'data/challenges.db-wal'),
  ],
  [
    'separated from its -shm',
    move('data/challenges.db-shm', 'elsewhere'),
    move('elsewhere', 'data/challenges.db-shm'),
  ],
  ['in a folder that is moved away', move('data', 'elsewhere'), move('elsewhere', 'data')],
])(
  'a database file that is %s while the server runs loses no acknowledged challenge',
  async (_, harm, mend) => {
    using folder = temporaryFolder()
    await using model = startModel()
    mkdirSync(join(folder.path, 'data'))
    await using server = await startInFolder(folder.path, model)
    const answers = [await server.generate('user_1')]
    harm(folder.path)
    for (let n = 0; n < 3; n++) answers.push(await server.generate('user_1'))
    expectUnavailable(answers.filter(({ status }) => status !== 200))
    mend(folder.path)
    answers.push(await server.generate('user_1'))
    expect([answers.at(0)?.status, answers.at(-1)?.status]).toEqual([200, 200])

    server.kill('SIGKILL')
    await server.ended
    const acknowledged = answers.filter(({ status }) => status === 200).map(({ body }) => body.id)
    const { integrity, quotas, owned } = server.readDatabase()
    expect(integrity).toEqual(['ok'])
    expect(quotas.map(({ remaining }) => remaining)).toEqual([50 - acknowledged.length])
    expect(owned.map(({ id }) => id)).toEqual(acknowledged)
  },
)

test('a server whose database file is deleted refuses reads and writes with 503', async () => {
  await using server = await startServer()
  expect((await server.generate('user_1')).status).toBe(200)
  for (const end of ['', '-wal', '-shm']) rmSync(`${server.path}${end}`)
  expectUnavailable([
    await server.generate('user_1'),
    await server.deliver('user.created', 'user_2'),
    await server.quota('user_1'),
    await server.history('user_1'),
  ])
  expect((await server.fetch('/ready')).status).toBe(503)
  expect((await server.fetch('/health')).status).toBe(200)
})
