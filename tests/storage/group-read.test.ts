import { Database } from 'bun:sqlite'
import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { createQuotaPolicy } from '../../src/credits.ts'
import { createGroupRead } from '../../src/store/sqlite/group-read.ts'
import { openSqliteFile } from '../../src/store/sqlite/opening.ts'
import { createSqliteStore } from '../../src/store/sqlite/store.ts'
import { temporaryFolder } from '../support/folder.ts'

const noon = Date.UTC(2026, 10, 24, 12)
const policy = createQuotaPolicy({ initial: 50, daily: 10 })

/** A store, and what another process does to its file: `charge` has committed when it returns. */
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
    /** Copies the log into the file and empties it, which no reader may be in the way of. */
    checkpoint: () => other.query<{ busy: number }, []>('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy,
    async [Symbol.asyncDispose]() {
      await store.close()
      other.close()
      folder[Symbol.dispose]()
    },
  }
}

test('reads of one turn are read together, when all of them have been asked for', async () => {
  await using shared = await openShared()

  const early = shared.remaining()
  shared.charge()
  const late = shared.remaining()
  shared.charge()

  expect(await Promise.all([early, late])).toEqual([48, 48])
})

test('a request that arrives while reads wait sees what was committed before it arrived', async () => {
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

  // A write is told in an immediate. What is asked for there is read when the loop has looked at its sockets.
  await shared.store.openQuota('user_2', noon)
  const before = shared.remaining()
  client.write('a request')

  expect(await seen.promise).toBe(49)
  expect([50, 49]).toContain(await before)
  client.end()
})

test('a read that fails fails alone', async () => {
  await using shared = await openShared()
  shared.other.run('DROP TABLE assignments; DROP TABLE questions')

  const reads = [shared.remaining(), shared.store.countReady('easy'), shared.remaining()]
  const outcomes = await Promise.allSettled(reads)

  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})

test('a read that meets a lock waits for it, and the others do not', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'test.db')
  using file = openSqliteFile(path)
  using locker = new Database(path)
  const { read } = createGroupRead(file, () => undefined, 5000)

  locker.run('BEGIN IMMEDIATE')
  // The lock that is held is one that no plain read needs.
  const locked = read(() => file.run('DELETE FROM assignments').changes)
  expect(await read(() => 1)).toBe(1)
  locker.run('ROLLBACK')
  expect(await locked).toBe(0)
})

test('what has been read holds nothing up', async () => {
  await using shared = await openShared()
  await Promise.all([shared.remaining(), shared.store.history({ userId: 'user_1', limit: 1 })])
  shared.charge()
  expect(shared.checkpoint()).toBe(0)
})
