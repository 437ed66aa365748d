import { Database } from 'bun:sqlite'
import { expect, setDefaultTimeout, test } from 'bun:test'
import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../support/folder.ts'
import { runToEnd, startProcess } from '../support/process.ts'
import { environment } from '../support/server.ts'

// Processes are started here: a busy machine takes its time.
setDefaultTimeout(20_000)

const pageSize = 4096

const optionsOf = (cwd: string, path = 'challenges.db') => ({
  cwd,
  env: environment({ DATABASE_URL: `file:${path}` }),
})

/** A database that the server made and closed, with rows in it. */
const sound = await (async () => {
  using folder = temporaryFolder()
  await using server = await startProcess(optionsOf(folder.path))
  await Promise.all(Array.from({ length: 200 }, (_, n) => server.deliver('user.created', `user_${n}`)))
  for (let n = 0; n < 5; n++) await server.generate('user_1')
  server.kill('SIGTERM')
  await server.ended
  expect(readdirSync(folder.path)).toEqual(['challenges.db'])
  return readFileSync(join(folder.path, 'challenges.db'))
})()

function scribble(path: string, from: number, bytes: number) {
  const damaged = Buffer.from(sound)
  damaged.fill(0xa5, from, from + bytes)
  writeFileSync(path, damaged)
}

function edit(path: string, ...statements: string[]) {
  using database = new Database(path, { create: true })
  for (const statement of statements) database.run(statement)
}

/** Every file in a folder, with all its bytes. */
function contentsOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  return Object.fromEntries(
    names.map((name) => {
      const path = join(folder, name)
      return [name, statSync(path).isDirectory() ? 'folder' : readFileSync(path).toString('base64')]
    }),
  )
}

test.each<[string, RegExp, (path: string) => void]>([
  ['words', /not a database/, (path) => writeFileSync(path, 'Dear diary, '.repeat(1000))],
  ['five bytes', /not a database/, (path) => writeFileSync(path, 'short')],
  ['an image of zeros', /not a database/, (path) => writeFileSync(path, Buffer.alloc(3 * pageSize))],
  ['a folder', /cannot be used/, (path) => mkdirSync(path)],
  ['a damaged header', /not a database|damaged|malformed/, (path) => scribble(path, 16, 84)],
  ['a damaged first page', /damaged|malformed/, (path) => scribble(path, 100, pageSize - 100)],
  ['a damaged page of rows', /damaged|malformed/, (path) => scribble(path, pageSize, 64)],
  ['damage at the end', /damaged|malformed/, (path) => scribble(path, sound.length - pageSize, 64)],
  [
    'a file that breaks off',
    /damaged|malformed/,
    (path) => {
      writeFileSync(path, sound)
      truncateSync(path, sound.length - 2.5 * pageSize)
    },
  ],
  [
    'a newer schema',
    /newer version/,
    (path) => {
      writeFileSync(path, sound)
      edit(
        path,
        `INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('ff', 9000000000000)`,
        'PRAGMA wal_checkpoint(TRUNCATE)',
      )
    },
  ],
  [
    'a table of another program under our name',
    /challenges/,
    (path) => edit(path, 'CREATE TABLE challenges (id INTEGER PRIMARY KEY, name TEXT)'),
  ],
])('%s: one sentence, exit 1, and every byte as before', async (_, said, make) => {
  using folder = temporaryFolder()
  make(join(folder.path, 'challenges.db'))
  const before = contentsOf(folder.path)

  const { exitCode, stdout, stderr } = await runToEnd(optionsOf(folder.path))

  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
  expect(stderr).toMatch(/^[^\n]+\n$/)
  expect(stderr).toMatch(said)
  expect(contentsOf(folder.path)).toEqual(before)
})

test.each([
  ['a missing folder', 'no/such/folder/challenges.db'],
  ['a path through a file', 'file.txt/challenges.db'],
  ['a missing folder beside the default one', 'data/mine/challenges.db'],
])('%s: one sentence with the path, exit 1, and nothing is made', async (_, path) => {
  using folder = temporaryFolder()
  writeFileSync(join(folder.path, 'file.txt'), 'text')
  const { exitCode, stdout, stderr } = await runToEnd(optionsOf(folder.path, path))
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
  expect(stderr).toMatch(/^[^\n]+\n$/)
  expect(stderr).toContain(path)
  expect(readdirSync(folder.path)).toEqual(['file.txt'])
})

test('an empty file, and one that the server made, are taken as they are', async () => {
  using folder = temporaryFolder()
  writeFileSync(join(folder.path, 'empty.db'), '')
  writeFileSync(join(folder.path, 'sound.db'), sound)
  await using fresh = await startProcess(optionsOf(folder.path, 'empty.db'))
  expect((await fresh.history('user_1')).body.challenges).toEqual([])
  await using later = await startProcess(optionsOf(folder.path, 'sound.db'))
  expect((await later.history('user_1')).body.challenges).toHaveLength(5)
  expect((await later.quota('user_1')).body.quota_remaining).toBe(45)
})

test('what was stored in one time zone reads the same in another', async () => {
  using folder = temporaryFolder()
  const { cwd, env } = optionsOf(folder.path)
  const read = async (TZ: string) => {
    await using server = await startProcess({ cwd, env: { ...env, TZ } })
    const { body: challenge } = await server.generate('user_1', 'easy', { 'idempotency-key': 'k1' })
    const { body: quota } = await server.quota('user_1')
    const { body: history } = await server.history('user_1')
    return [challenge.timestamp, quota.last_reset_date, quota.next_reset_date, history.challenges]
  }
  const first = await read('Asia/Kathmandu')
  expect(Math.abs(Date.now() - Date.parse(String(first[0])))).toBeLessThan(10_000)
  expect(await read('America/St_Johns')).toEqual(first)
  expect(await read('Pacific/Apia')).toEqual(first)
})
