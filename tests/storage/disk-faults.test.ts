import { Database } from 'bun:sqlite'
import { expect, setDefaultTimeout, test } from 'bun:test'
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../support/folder.ts'
import { startModel } from '../support/model.ts'
import { expectUnavailable } from '../support/problem-details.ts'
import { runToEnd, startInFolder } from '../support/process.ts'
import { environment, startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

/** A command that runs the server after `mount`, which needs root or a user namespace. */
const mounted = (mount: string, path: string) => [
  ...['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', `${mount} && exec "$@"`, path],
]
const small = 'mount -t tmpfs -o size=3m tmpfs "$0"'
const readOnly = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0"'
const canMount = Bun.spawnSync([...mounted(small, '/mnt'), 'true']).exitCode === 0
const orSkipped = canMount ? '' : ' (skipped: nothing can be mounted)'

/** A process beside the server that reads the database in one transaction. */
function startReader({ pid, path }: { pid: number; path: string }) {
  const program = `
    import { Database } from 'bun:sqlite'
    const file = new Database(${JSON.stringify(path)})
    file.run('BEGIN')
    file.query('SELECT count(*) FROM challenge_quotas').get()
    console.log('reading')
    await Bun.stdin.text()
    file.close()`
  const enter = ['nsenter', '--preserve-credentials', '--user', '--mount', '--target', String(pid)]
  const child = Bun.spawn([...enter, process.execPath, '-e', program], { stdin: 'pipe', stdout: 'pipe' })
  return {
    reading: child.stdout.getReader().read(),
    async end() {
      child.stdin.end()
      expect(await child.exited).toBe(0)
    },
  }
}

test.each([['WAL'], ['SHM']])(
  'while -%s is truncated, requests are refused with 503; with its bytes back the server is well',
  async (name) => {
    using folder = temporaryFolder()
    await using model = startModel()
    await using server = await startInFolder(folder.path, model)
    const ids = [(await server.generate('user_1')).body.id]
    const path = `${server.path}-${name.toLowerCase()}`
    const bytes = readFileSync(path)

    truncateSync(path, 0)
    expectUnavailable([await server.generate('user_1'), await server.history('user_1')])
    expect((await server.fetch('/ready')).status).toBe(503)
    expect(JSON.stringify(server.log())).toContain(`DATABASE_${name}_TRUNCATED`)
    // SQLite builds `-shm` anew from `-wal`.
    if (name === 'SHM') truncateSync(path, bytes.length)
    else writeFileSync(path, bytes, { flag: 'r+' })

    ids.push((await server.generate('user_1')).body.id)
    expect((await server.fetch('/ready')).status).toBe(200)
    truncateSync(path, 0)
    server.kill('SIGTERM')
    expect(await server.ended).toBe(0)
    const { integrity, owned } = server.readDatabase()
    expect(integrity).toEqual(['ok'])
    // What was only in `-wal` is gone with it.
    expect(owned.map(({ id }) => id)).toEqual(name === 'SHM' ? ids : [])
  },
)

test('another program may checkpoint and empty -wal', async () => {
  await using server = await startServer()
  expect((await server.generate('user_1')).status).toBe(200)
  {
    using other = new Database(server.path)
    expect(other.query('PRAGMA wal_checkpoint(TRUNCATE)').get()).toMatchObject({ busy: 0 })
  }

  expect((await server.generate('user_1')).status).toBe(200)
})

test.skipIf(!canMount)(
  `a disk that the log has filled while another program read is well after it${orSkipped}`,
  async () => {
    using folder = temporaryFolder()
    await using model = startModel()
    mkdirSync(join(folder.path, 'data'))
    const within = mounted(small, join(folder.path, 'data'))
    await using server = await startInFolder(folder.path, model, { within })
    let users = 0
    const deliver = async () => (await server.deliver('user.created', `user_${users++}`)).status
    expect(await deliver()).toBe(200)
    const reader = startReader(server)
    await reader.reading
    while ((await deliver()) === 200) expect(users).toBeLessThan(2000)
    expectUnavailable([await server.quota('user_new')])
    await reader.end()

    for (let n = 0; n < 20; n++) expect(await deliver()).toBe(200)
    expect((await server.quota('user_new')).status).toBe(200)
  },
)

test.skipIf(!canMount)(
  `a database in a folder that cannot be written is refused at start, in one sentence${orSkipped}`,
  async () => {
    using folder = temporaryFolder()
    await using model = startModel()
    const server = await startInFolder(folder.path, model)
    server.kill('SIGTERM')
    await server.ended

    const env = environment({ PATH: process.env.PATH ?? '' })
    const within = mounted(readOnly, join(folder.path, 'data'))
    const { exitCode, stdout, stderr } = await runToEnd({ cwd: folder.path, env, within })

    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toMatch(/^The database data\/challenges\.db cannot be used: [^\n]+\n$/)
  },
)
