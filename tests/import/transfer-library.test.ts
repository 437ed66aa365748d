import { expect, setDefaultTimeout, test } from 'bun:test'
import { SQL } from 'bun'
import { transfer } from '../../src/commands/transfer.ts'
import { runHere } from '../support/command.ts'
import { startModel } from '../support/model.ts'
import { startPostgres } from '../support/postgres.ts'
import { startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

test('a transfer rebuilds the library and keeps the decisions about questions, but no process’s claim to one', async () => {
  await using postgres = await startPostgres()
  const url = await postgres.createDatabase()
  await using model = startModel()
  await using old = await startServer({ model })
  const written: string[] = []
  for (let n = 0; n < 4; n++) written.push((await old.generateOn('user_1', 'go')).body.title)
  using database = old.database()
  database.run('UPDATE questions SET kept = true, cleared_answers = 15, cleared_reports = 3 WHERE id = 1')
  const leave = database.query('UPDATE questions SET state = ?, look_until = ?, position = NULL WHERE id = ?')
  leave.run('suspected', 5000, 2)
  leave.run('retired', 0, 3)

  await runHere(transfer, [old.path], { DATABASE_URL: url })

  const client = new SQL(url, { max: 1 })
  const columns = 'state, kept, cleared_answers, cleared_reports, look_until::int, position'
  const rows = await client.unsafe(`SELECT ${columns} FROM questions ORDER BY id`)
  await client.close()
  const undecided = { kept: false, cleared_answers: 0, cleared_reports: 0, look_until: 0 }
  expect([...rows]).toEqual([
    { state: 'circulating', kept: true, cleared_answers: 15, cleared_reports: 3, look_until: 0, position: 0 },
    { state: 'suspected', ...undecided, position: null },
    { state: 'retired', ...undecided, position: null },
    { state: 'circulating', ...undecided, position: 1 },
  ])

  const calls = model.calls('challenge')
  // The second look at the suspected question does not end.
  model.review = () => new Promise(() => undefined)
  await using server = await startServer({ model, env: { DATABASE_URL: url, LIBRARY_SIZE: '2' } })
  const drawn = [await server.generate('user_2'), await server.generate('user_2')]
  const [first = '', , , last = ''] = written
  expect(drawn.map(({ body }) => body.title).toSorted()).toEqual([first, last].toSorted())
  expect(model.calls('challenge')).toBe(calls)
  // A new question: user_1 has had the whole library.
  expect(written).not.toContain((await server.generate('user_1')).body.title)
})
