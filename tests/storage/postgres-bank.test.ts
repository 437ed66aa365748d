import { expect, setDefaultTimeout, test } from 'bun:test'
import { SQL } from 'bun'
import { createPostgresStore } from '../../src/store/postgres/store.ts'
import { claimOf, policy, question } from '../support/contract.ts'
import { startPostgres } from '../support/postgres.ts'

setDefaultTimeout(60_000)

test('a claim of a question of the bank that is stored uses up no id', async () => {
  await using postgres = await startPostgres()
  const url = await postgres.createDatabase()
  const store = await createPostgresStore({ url, policy, connections: 2, timeoutMs: 5000 })
  const questions = [question({ source: 'bank', bankId: 'entry' })]
  for (let n = 0; n < 5; n++) {
    const supply = { from: 'bank' as const, questions, repeats: false, free: true }
    expect((await store.claim(claimOf(`user_${n}`, { supply }))).outcome).toBe('claimed')
  }
  await using client = new SQL(url, { max: 1 })
  const [sequence] = await client`SELECT last_value::int AS last FROM questions_id_seq`
  expect(sequence.last).toBe(1)
  await store.close()
}, 30_000)
