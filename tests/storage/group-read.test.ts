import { Database } from 'bun:sqlite'
import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { createQuotaPolicy } from '../../src/quota.ts'
import { createGroupRead } from '../../src/store/sqlite/group-read.ts'
import { openSqliteFile } from '../../src/store/sqlite/opening.ts'
import { createSqliteStore } from '../../src/store/sqlite/store.ts'
import { noon } from '../support/clock.ts'
import { temporaryFolder } from '../support/folder.ts'

const policy = createQuotaPolicy({ initial: 50, daily: 10 })

/** A store, and another connection to its file, such as another process has. */
async function openShared() {
  const folder = temporaryFolder()
  const path = join(folder.path, 'test.db')
  const store = createSqliteStore({ path, policy })
  const other = new Database(path, { strict: true })
  await store.openQuota('user_1', noon)
  return {
    store,
    other,
    remaining: async () => (await store.refreshQuota('user_1', noon)).remaining,
    charge: () => other.run('UPDATE challenge_quotas SET quota_remaining = quota_remaining - 1'),
    /** Empties the write-ahead log, which an open read transaction blocks. */
    checkpoint: () => other.query<{ busy: number }, []>('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy,
    async [Symbol.asyncDispose]() {
      await store.close()
      other.close()
      folder[Symbol.dispose]()
    },
  }
}

test('reads of one turn of the event loop are executed together at its end', async () => {
  await using shared = await openShared()

  const early = shared.remaining()
  shared.charge()
  const late = shared.remaining()
  shared.charge()

  expect(await Promise.all([early, late])).toEqual([48, 48])
})

test('a request that arrives while reads wait sees all earlier commits', async () => {
  await using shared = await openShared()
  const seen = Promise.withResolvers<number>()
  const data = () => {
    shared.charge()
    seen.resolve(shared.remaining())
  }
  using server = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data } })
  const client = await Bun.connect({
    hostname: '127.0.0.1',
    port: server.port,
    socket: { data: () => undefined },
  })

  // A write resolves in an immediate. A read that starts there is executed after the event loop has polled its sockets.
  await shared.store.openQuota('user_2', noon)
  const before = shared.remaining()
  client.write('a request')

  expect(await seen.promise).toBe(49)
  expect([50, 49]).toContain(await before)
  client.end()
})

test('a failed read does not fail the reads beside it', async () => {
  await using shared = await openShared()
  shared.other.run('DROP TABLE assignments; DROP TABLE questions')

  const reads = [shared.remaining(), shared.store.countReady(), shared.remaining()]
  const outcomes = await Promise.allSettled(reads)

  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})

test('only the read that needs a lock waits for it', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'test.db')
  using file = openSqliteFile(path)
  using locker = new Database(path)
  const { read } = createGroupRead(file, () => undefined, 5000)

  locker.run('BEGIN IMMEDIATE')
  // A plain read does not need the lock that is held.
  const locked = read(() => file.run('DELETE FROM assignments').changes)
  expect(await read(() => 1)).toBe(1)
  locker.run('ROLLBACK')
  expect(await locked).toBe(0)
})

test('a finished read does not block a checkpoint', async () => {
  await using shared = await openShared()
  await Promise.all([shared.remaining(), shared.store.history({ userId: 'user_1', limit: 1 })])
  shared.charge()
  expect(shared.checkpoint()).toBe(0)
})
