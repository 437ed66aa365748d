import { expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { quota } from '../../src/commands/quota.ts'
import { userIdDescription } from '../../src/user-id.ts'
import { iso } from '../support/clock.ts'
import { runHere } from '../support/command.ts'
import { moveResetsBack, readTables } from '../support/database.ts'
import { temporaryFolder } from '../support/folder.ts'
import { runToEnd } from '../support/process.ts'
import { type Server, startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

const environmentOf = ({ path }: Pick<Server, 'path'>) => ({ DATABASE_URL: `file:${path}` })

test('`quota` shows the credits that a user has left and changes no row, also when a reset is due', async () => {
  await using server = await startServer()
  await server.generate('user_1')
  const { last_reset_date: last, next_reset_date: next } = (await server.quota('user_1')).body
  const before = readTables(server)

  const { stdout, failure } = await runHere(quota, ['user_1'], environmentOf(server))

  expect(failure).toBeUndefined()
  expect(stdout).toBe(`user_1 has 49 of 50 credits left.\nLast reset: ${last}\nNext reset: ${next}\n`)
  expect(readTables(server)).toEqual(before)

  moveResetsBack(server.path, ['user_1'])
  const due = await runHere(quota, ['user_1'], environmentOf(server))
  const moved = iso(Date.parse(next) - 25 * 3600 * 1000)
  expect(due.stdout).toEndWith(`Next reset: ${moved} (due: the next request resets the credits)\n`)
})

test('a running server hands over exactly the credits that `quota --set` sets, and its answers show them', async () => {
  await using server = await startServer()
  await server.quota('user_1')
  const env = environmentOf(server)

  const set = await runToEnd({ args: ['quota', 'user_1', '--set=2'], cwd: '/', env })

  expect(set).toMatchObject({ exitCode: 0, stderr: '' })
  expect(set.stdout).toStartWith('user_1 has 2 of 50 credits left.\n')
  const answers = await Promise.all(Array.from({ length: 5 }, () => server.generate('user_1')))
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 429, 429, 429])

  await runHere(quota, ['user_1', '--set', '300'], env)
  const { body, headers } = await server.quota('user_1')
  expect(body).toMatchObject({ quota_remaining: 300, quota_limit: 300 })
  expect(headers.get('ratelimit-policy')).toBe('"daily";q=10;w=86400')
  expect(headers.get('ratelimit')).toStartWith('"daily";r=300;t=')
})

test('a wrong user or number is refused in one sentence, and no row changes', async () => {
  await using server = await startServer()
  await server.quota('user_1')
  const before = readTables(server)
  const unknown = 'user_2 has no quota: check the user id. A quota opens with the first request of the user.'
  const wrongNumber = '--set must be a whole number from 0 to 1000000.'

  for (const [args, sentence] of [
    [['user_2'], unknown],
    [['user_2', '--set=5'], unknown],
    [['mch_1'], `The user id must be ${userIdDescription}.`],
    [['user 1'], `The user id must be ${userIdDescription}.`],
    ...['', '-1', '1.5', '1e3', ' 5', 'many', '1000001', '0x10', '9'.repeat(20)].map(
      (number) => [['user_1', `--set=${number}`], wrongNumber] as const,
    ),
  ] as const) {
    const { stdout, failure } = await runHere(quota, [...args], environmentOf(server))
    expect({ args, stdout, failure }).toEqual({ args, stdout: '', failure: sentence })
  }
  expect(readTables(server)).toEqual(before)
})

test('a database that is not there is refused, and not created', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'typo.db')
  const { stdout, failure } = await runHere(quota, ['user_1', '--set=5'], environmentOf({ path }))
  expect({ stdout, failure }).toEqual({
    stdout: '',
    failure: `There is no database ${path}: check DATABASE_URL.`,
  })
  expect(existsSync(path)).toBe(false)
})
