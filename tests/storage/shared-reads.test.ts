import { Database } from 'bun:sqlite'
import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { createQuotaPolicy } from '../../src/quota/policy.ts'
import { createSqliteStore } from '../../src/store/sqlite.ts'
import { temporaryFolder } from '../support/folder.ts'

const noon = Date.UTC(2026, 10, 24, 12)
const policy = createQuotaPolicy({ initial: 50, daily: 10 })

/** A store, and what another process does to its file: `charge` commits before it returns. */
async function openShared() {
  const folder = temporaryFolder()
  const path = join(folder.path, 'test.db')
  const store = createSqliteStore({ path, policy })
  const other = new Database(path, { strict: true })
  await store.openQuota('user_1', noon)
  return {
    store,
    remaining: async () => (await store.quota('user_1', noon)).remaining,
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

const pick = () => ({
  difficulty: 'easy' as const,
  title: 'Question',
  options: ['1', '2', '3', '4'],
  correctAnswerId: 0,
  explanation: 'Because.',
  source: 'bank' as const,
  fingerprint: null,
  bankId: 'one',
})

const nextTurn = () => new Promise(setImmediate)

test('reads of one turn see one state; the next turn sees what another process has committed', async () => {
  await using shared = await openShared()

  const before = shared.remaining()
  shared.charge()
  const after = shared.remaining()
  expect(await Promise.all([before, after])).toEqual([50, 50])

  await nextTurn()
  expect(await shared.remaining()).toBe(49)
})

test('a write sees what was committed after a read of the same turn, and is not refused for it', async () => {
  await using shared = await openShared()
  const { store } = shared

  const read = shared.remaining()
  shared.charge()
  const supply = { from: 'bank', pick, free: false } as const
  const claim = await store.claim({ userId: 'user_1', difficulty: 'easy', now: noon, supply })

  expect(await read).toBe(50)
  expect(claim.outcome).toBe('claimed')
  expect(await shared.remaining()).toBe(48)
})

test('a read after a write sees it, in the same turn too', async () => {
  await using shared = await openShared()
  const { store } = shared
  const draft = { ...pick(), source: 'ai', fingerprint: 'one' } as const
  const supply = { from: 'draft', draft } as const
  await store.claim({ userId: 'user_1', difficulty: 'easy', now: noon, supply })
  expect(await store.history({ userId: 'user_1', limit: 1 })).toHaveLength(1)

  const erased = store.eraseUser('user_1').then(() => store.history({ userId: 'user_1', limit: 1 }))
  await shared.remaining()
  expect(await erased).toEqual([])
  expect((await store.quota('user_1', noon + 1)).lastReset).toBe(noon + 1)
})

test('a turn that is over holds nothing up', async () => {
  await using shared = await openShared()

  const read = shared.remaining()
  expect(shared.checkpoint()).toBe(1)
  await read
  await nextTurn()
  shared.charge()
  expect(shared.checkpoint()).toBe(0)
})

test('a request that arrives after a read in an immediate is not served from the state before it', async () => {
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

  // A write is told in an immediate. What is read there must be over before the loop looks at its sockets.
  await shared.store.openQuota('user_2', noon)
  const before = shared.remaining()
  client.write('a request')

  expect(await Promise.all([before, seen.promise])).toEqual([50, 49])
  client.end()
})
