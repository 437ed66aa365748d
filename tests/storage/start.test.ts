import { Database } from 'bun:sqlite'
import { expect, setDefaultTimeout, test } from 'bun:test'
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSqliteStore } from '../../src/store/sqlite/store.ts'
import { parallel } from '../support/async.ts'
import { policy } from '../support/contract.ts'
import { filesIn, temporaryFolder } from '../support/folder.ts'
import { createOriginal } from '../support/original.ts'
import { runToEnd, startProcess } from '../support/process.ts'
import { environment, startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

const pageSize = 4096

const optionsOf = (cwd: string, path = 'challenges.db') => ({
  cwd,
  env: environment({ DATABASE_URL: `file:${path}` }),
})

/** A server in this process on this file, which it does not delete. */
const startOn = (path: string) => startServer({ env: { DATABASE_URL: `file:${path}` } })

/** The message that refuses a file. */
function refusalOf(path: string): string {
  try {
    void createSqliteStore({ path, policy }).close()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  throw new Error('The file was accepted.')
}

/** A closed database of the server with rows. */
const sound = await (async () => {
  using folder = temporaryFolder()
  await using server = await startProcess(optionsOf(folder.path))
  await parallel(200, (n) => server.deliver('user.created', `user_${n}`))
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

test.each<[string, RegExp, (path: string) => void]>([
  ['a text', /not a database/, (path) => writeFileSync(path, 'Dear diary, '.repeat(1000))],
  ['five bytes', /not a database/, (path) => writeFileSync(path, 'short')],
  ['an image of zeros', /not a database/, (path) => writeFileSync(path, Buffer.alloc(3 * pageSize))],
  ['a folder', /is a folder: set DATABASE_URL to a file/, (path) => mkdirSync(path)],
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
    'a table of another program with the name of ours',
    /belongs to another program: set another DATABASE_URL\./,
    (path) => edit(path, 'CREATE TABLE challenges (id INTEGER PRIMARY KEY, name TEXT)'),
  ],
  ['a database of the FastAPI server', /bun run import/, (path) => createOriginal(path).close()],
])('%s is refused as a database in one sentence, and no byte changes', (_, said, make) => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'challenges.db')
  make(path)
  const before = filesIn(folder.path)

  const refusal = refusalOf(path)

  expect(refusal).toMatch(/^[^\n]+$/)
  expect(refusal).toMatch(said)
  expect(filesIn(folder.path)).toEqual(before)
})

test.each([
  ['a missing folder', 'no/such/folder/challenges.db'],
  ['a path through a file', 'file.txt/challenges.db'],
])('%s is refused in one sentence with the path, and no file is created', (_, below) => {
  using folder = temporaryFolder()
  writeFileSync(join(folder.path, 'file.txt'), 'text')
  const path = join(folder.path, below)

  const refusal = refusalOf(path)

  expect(refusal).toMatch(/^[^\n]+$/)
  expect(refusal).toContain(path)
  expect(readdirSync(folder.path)).toEqual(['file.txt'])
})

test.each<[string, string, (folder: string) => void]>([
  ['a damaged file', 'challenges.db', (folder) => scribble(join(folder, 'challenges.db'), pageSize, 64)],
  ['a missing folder beside the default one', 'data/mine/challenges.db', () => undefined],
])(
  'a process with %s prints one sentence with the path, exits with 1, and changes no file',
  async (_, path, make) => {
    using folder = temporaryFolder()
    make(folder.path)
    const before = filesIn(folder.path)

    const { exitCode, stdout, stderr } = await runToEnd(optionsOf(folder.path, path))

    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toMatch(/^[^\n]+\n$/)
    // A sentence about a missing folder names the folder only.
    expect(stderr).toContain(path.replace('/challenges.db', ''))
    expect(filesIn(folder.path)).toEqual(before)
  },
)

test('an empty file and a database of the server are opened', async () => {
  using folder = temporaryFolder()
  writeFileSync(join(folder.path, 'empty.db'), '')
  writeFileSync(join(folder.path, 'sound.db'), sound)
  await using fresh = await startOn(join(folder.path, 'empty.db'))
  expect((await fresh.history('user_1')).body.challenges).toEqual([])
  await using later = await startOn(join(folder.path, 'sound.db'))
  expect((await later.history('user_1')).body.challenges).toHaveLength(5)
  expect((await later.quota('user_1')).body.quota_remaining).toBe(45)
})
