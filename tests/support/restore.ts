import { Database } from 'bun:sqlite'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { backup } from '../../src/commands/backup.ts'
import { runHere } from './command.ts'
import { readDatabase } from './database.ts'
import { temporaryFolder } from './folder.ts'
import { startModel } from './model.ts'
import { spawn, startInFolder } from './process.ts'

export type Folder = { path: string }

/** The database, the backup, and the name under which a restore keeps the database. */
export const pathsIn = (folder: Folder) => ({
  path: join(folder.path, 'data/challenges.db'),
  copy: join(folder.path, 'copy.db'),
  kept: join(folder.path, 'data/challenges.db.before-restore'),
})

/** Runs a command on the database of the folder. */
export const run = (command: typeof backup, folder: Folder, file: string) =>
  runHere(command, [file], { DATABASE_URL: `file:${pathsIn(folder).path}` })

/** The ids of the challenges in a database. */
export const ownedIn = (path: string) => readDatabase(path).owned.map(({ id }) => id)

/** The schema and the rows of all tables of a SQLite file. */
export function dumpOf(path: string) {
  using file = new Database(path, { readonly: true })
  const schema = file.query<{ name: string; type: string; sql: string }, []>(
    'SELECT name, type, sql FROM sqlite_schema ORDER BY name',
  )
  const objects = schema.all()
  const tables = objects.filter(({ type }) => type === 'table').map(({ name }) => name)
  return { objects, rows: tables.map((table) => file.query(`SELECT * FROM ${table}`).all()) }
}

/**
 * Makes a server's database with three challenges, and a backup that has the first of them. The server was killed, so
 * that the newest writes are in `-wal`. Returns a function that writes these files to a folder.
 */
export async function makeDatabase() {
  using folder = temporaryFolder()
  await using model = startModel()
  const server = await startInFolder(folder.path, model)
  const ids = [(await server.generate('user_1')).body.id]
  const { failure } = await run(backup, folder, pathsIn(folder).copy)
  if (failure) throw new Error(String(failure))
  for (const user of ['user_1', 'user_2']) ids.push((await server.generate(user)).body.id)
  await server[Symbol.asyncDispose]()
  const { path, copy } = pathsIn(folder)
  const files = [path, `${path}-wal`, copy].map((name) => ({
    name: name.slice(folder.path.length),
    bytes: readFileSync(name),
  }))
  return (to: Folder) => {
    mkdirSync(join(to.path, 'data'))
    for (const { name, bytes } of files) writeFileSync(join(to.path, name), bytes)
    return { old: ids, saved: ids.slice(0, 1) }
  }
}

/** Kills a restore after the `changes`-th change of the folder, which changes at each step; or lets it end. */
export async function killRestore(folder: Folder, changes: number) {
  const { path, copy } = pathsIn(folder)
  const { child, ended } = spawn({ cwd: folder.path, env: {}, args: ['restore', copy] })
  let seen = 0
  let last = ''
  while (child.exitCode === null && seen < changes) {
    const names = readdirSync(dirname(path)).join()
    if (names !== last) seen++
    last = names
    await Bun.sleep(1)
  }
  child.kill('SIGKILL')
  await ended
}
