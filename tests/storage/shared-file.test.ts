import { expect, setDefaultTimeout, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parallel } from '../support/async.ts'
import { readDatabase } from '../support/database.ts'
import { temporaryFolder } from '../support/folder.ts'
import { runToEnd, startProcess, startProcesses } from '../support/process.ts'
import { environment } from '../support/server.ts'

setDefaultTimeout(60_000)

test('four servers that start at the same time on a new file all serve, with one development identity', async () => {
  using folder = temporaryFolder()
  await using servers = await startProcesses(4, { cwd: folder.path, env: { PORT: '0' } })
  const { stdout: token } = await runToEnd({ cwd: folder.path, env: {}, args: ['token', 'user_1'] })
  const headers = { authorization: `Bearer ${token.trim()}`, 'content-type': 'application/json' }
  const asked = { method: 'POST', headers, body: '{"difficulty":"easy"}' }
  const answers = await parallel(4, (n) => servers.each(n).fetch('/api/generate-challenge', asked))
  expect(answers.map(({ status }) => status)).toEqual(Array(4).fill(200))
  expect(readDatabase(join(folder.path, 'data/challenges.db')).quotas).toMatchObject([{ remaining: 46 }])
  const identities = readdirSync(join(folder.path, 'data')).filter((name) => name.includes('identity'))
  expect(identities).toEqual(['development-identity.json'])
})

test('dates that were stored in one time zone are the same in another', async () => {
  using folder = temporaryFolder()
  const env = environment({ DATABASE_URL: 'file:challenges.db' })
  const read = async (TZ: string) => {
    await using server = await startProcess({ cwd: folder.path, env: { ...env, TZ } })
    const { body: challenge } = await server.generate('user_1', 'easy', { 'idempotency-key': 'k1' })
    const { body: quota } = await server.quota('user_1')
    const { body: history } = await server.history('user_1')
    return [challenge.timestamp, quota.last_reset_date, quota.next_reset_date, history.challenges]
  }
  const first = await read('Asia/Kathmandu')
  expect(Math.abs(Date.now() - Date.parse(String(first[0])))).toBeLessThan(60_000)
  expect(await read('America/St_Johns')).toEqual(first)
})
