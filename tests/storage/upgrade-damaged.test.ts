import { Database } from 'bun:sqlite'
import { expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { questions as questionsCommand } from '../../src/commands/questions.ts'
import { transfer } from '../../src/commands/transfer.ts'
import { openStore } from '../../src/store/open.ts'
import { runHere } from '../support/command.ts'
import { policy } from '../support/contract.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startPostgres } from '../support/postgres.ts'
import { oldChallenge, writeOldPostgres, writeOldSqlite } from '../support/version-1.ts'

setDefaultTimeout(60_000)

const unsaid = { fingerprint: null }
const rows = [
  oldChallenge(1),
  oldChallenge(2, { options: 'none' }),
  oldChallenge(3, { options: '["a","b","c"]', ...unsaid }),
  oldChallenge(4, { options: '["a","b","c",{"d":1}]', created_by: null }),
  oldChallenge(5, { title: '' }),
  oldChallenge(6, { options: '{"a":1}', ...unsaid }),
  oldChallenge(7),
]

/** Expects that an upgraded database serves the two sound rows of `user_1`, and keeps the others, retired. */
async function expectUpgraded(
  database: { engine: 'sqlite'; path: string } | { engine: 'postgres'; url: string },
) {
  const damaged: number[] = []
  const onDamaged = ({ id }: { id: number }) => void damaged.push(id)
  const store = await openStore({ ...database, connections: 2, timeoutMs: 5000, onDamaged }, policy)
  try {
    const history = await store.history({ userId: 'user_1', limit: 2 })
    expect(history.map(({ id }) => id)).toEqual([7, 1])
    expect(damaged).toEqual([6, 5, 3, 2])
    expect(await store.countReady()).toEqual([])
  } finally {
    await store.close()
  }
}

test('an upgrade of SQLite keeps damaged rows, which are left out; a transfer names them and moves the others', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'old.db')
  writeOldSqlite(path, rows, 40)
  {
    using old = new Database(path)
    old.run(`UPDATE challenges SET options = x'00ff', source = x'01' WHERE id = 2`)
    old.run(`UPDATE challenges SET title = x'', correct_answer_id = 1.5 WHERE id = 5`)
  }

  await expectUpgraded({ engine: 'sqlite', path })

  const questions = () => {
    using file = new Database(path)
    return file.query('SELECT id, state FROM questions ORDER BY id').values()
  }
  const states = [1, 2, 3, 4, 5, 6, 7].map((id) => [id, id % 6 === 1 ? 'circulating' : 'retired'])
  expect(questions()).toEqual(states)

  const { failure: kept } = await runHere(questionsCommand, ['keep', '2'], { DATABASE_URL: `file:${path}` })
  expect(kept).toBe('There is no question with the id 2, or it is damaged.')

  {
    using file = new Database(path)
    file.run(`UPDATE challenge_quotas SET quota_remaining = 'many' WHERE user_id = 'user_2'`)
  }
  const env = { DATABASE_URL: `file:${join(folder.path, 'new.db')}` }
  const { stdout, failure } = await runHere(transfer, [path], env)
  expect(failure).toBe('10 rows were not imported; all others were.')
  expect(stdout).toContain('Challenges: 2 read, 2 new, 0 here already.')
  expect(stdout).toContain('Not imported: questions 3: options is damaged.')
  expect(stdout).toContain('Not imported: assignments 3: its question 3 is damaged.')
  expect(stdout).toContain('Not imported: challenge_quotas 9: remaining is damaged.')
})

test('an upgrade of PostgreSQL keeps damaged rows, which are left out', async () => {
  await using postgres = await startPostgres()
  const url = await postgres.createDatabase()
  await writeOldPostgres(url, rows, 40)

  await expectUpgraded({ engine: 'postgres', url })
})
