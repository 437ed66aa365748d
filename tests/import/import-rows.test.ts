import { expect, test } from 'bun:test'
import { prepareImport } from '../support/original.ts'

test('rows that cannot be imported are named with their reasons, and the other rows are imported', async () => {
  using it = prepareImport()
  it.source.addChallenge(1)
  it.source.addChallenge(2, { options: 'nonsense' })
  it.source.addChallenge(3, { difficulty: 'impossible' })
  it.source.addChallenge(4, { correct_answer_id: 4 })
  it.source.addChallenge(5, { correct_answer_id: '' })
  it.source.addChallenge(6, { options: '["a", "b", "c", {"d": 1}]' })
  it.source.addChallenge(7, { title: 'Question\0' })
  it.source.addChallenge(2 ** 53)
  it.source.addChallenge(2 ** 53 - 1)
  it.source.addChallenge(8, { date_created: '2025-06-23 02:19:37 o’clock' })
  it.source.addQuota(1, 'user_1', 5_000_000_000, null)

  const { stdout, failure } = await it.importIt()

  expect(failure).toContain('10 rows were not imported')
  expect(stdout).toContain('challenges 2: options are not JSON')
  expect(stdout).toContain('challenges 3: difficulty is not easy, medium or hard')
  expect(stdout).toContain('challenges 4: correct_answer_id is not 0 to 3')
  expect(stdout).toContain('challenges 5: correct_answer_id is not a whole number of 32 bits')
  expect(stdout).toContain('challenges 6: an option is null, a list or an object')
  expect(stdout).toContain('challenges 7: title has a NUL character')
  expect(stdout).toContain('challenges 9007199254740992: id is beyond 2^52')
  expect(stdout).toContain('challenges 9007199254740991: id is beyond 2^52')
  expect(stdout).toContain('challenges 8: date_created is not a date')
  expect(stdout).toContain('challenge_quotas 1: quota_remaining is not a whole number of 32 bits')
  expect(it.rows('SELECT id FROM challenges')).toEqual([{ id: 1 }])
})

test('the offset of a date takes precedence over the time zone', async () => {
  using it = prepareImport()
  for (const [n, date] of [
    '2025-01-01 00:00:00+00:00',
    '2025-01-01T01:00:00.5Z',
    '2025-01-01 02:00-0500',
    '2025-01-01 00:00:00+05:30:15',
    '2025-01-01T02:00:00+02:00[Africa/Cairo]',
  ].entries())
    it.source.addChallenge(n, { date_created: date })

  await it.importIt({ options: ['--timezone=America/New_York'] })

  expect(it.rows('SELECT date_created FROM challenges ORDER BY id')).toEqual([
    { date_created: Date.UTC(2025, 0, 1) },
    { date_created: Date.UTC(2025, 0, 1, 1, 0, 0, 500) },
    { date_created: Date.UTC(2025, 0, 1, 7) },
    { date_created: Date.UTC(2024, 11, 31, 18, 29, 45) },
    { date_created: Date.UTC(2025, 0, 1) },
  ])
})

test('a quota without a reset starts now, and a challenge without a date is the oldest', async () => {
  using it = prepareImport()
  it.source.addChallenge(1)
  it.source.addChallenge(2, { date_created: null })
  it.source.addQuota(1, 'user_1', 3, null)
  const before = Date.now()

  const { failure } = await it.importIt()

  expect(failure).toBeUndefined()
  expect(it.rows('SELECT id FROM challenges ORDER BY date_created DESC')).toEqual([{ id: 1 }, { id: 2 }])
  const [quota] = it.rows('SELECT quota_remaining, quota_limit, last_reset_date FROM challenge_quotas')
  expect(quota).toMatchObject({ quota_remaining: 3, quota_limit: 10 })
  expect(Number(quota?.last_reset_date)).toBeWithin(before, Date.now() + 1)
})
