import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { parallel } from '../support/async.ts'
import { day, hour, noon } from '../support/clock.ts'
import { readTables } from '../support/database.ts'
import { type Server, startServer } from '../support/server.ts'

const users = ['user_1', 'user_2', 'user_3'] as const
const initial = 4
const daily = 2

type Step =
  | { do: 'generate'; user: string; difficulty: string; times: number }
  | { do: 'look' | 'created' | 'deleted'; user: string }
  | { do: 'wait'; milliseconds: number }

/** The expected state of a user. `credits` is missing until the quota is open. */
type Account = { credits?: { remaining: number; limit: number; lastReset: number }; owned: number[] }

const user = fc.constantFrom(...users)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('generate' as const),
      user,
      difficulty: fc.constantFrom('easy', 'medium', 'hard'),
      times: fc.constantFrom(1, 1, 1, 2, 7),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('look' as const, 'created' as const), user }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deleted' as const), user }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      milliseconds: fc.oneof(
        fc.constantFrom(1, hour, day - 1, day, day + 1, 10 * day),
        fc.constantFrom(-1, -hour, -day, -day - 1, -3 * day),
        fc.integer({ min: 0, max: 2 * day }),
      ),
    }),
  },
)

/** The rules of the quota, written a second time to compare with. */
function lookAt(account: Account, now: number) {
  account.credits ??= { remaining: initial, limit: initial, lastReset: now }
  if (now - account.credits.lastReset >= day)
    account.credits = { remaining: daily, limit: daily, lastReset: now }
  if (account.credits.lastReset - now > day) account.credits.lastReset = now
  return account.credits
}

async function take(
  server: Server,
  accounts: Map<string, Account>,
  now: number,
  one: Exclude<Step, { do: 'wait' }>,
) {
  const account = accounts.get(one.user) ?? { owned: [] }
  accounts.set(one.user, account)
  if (one.do === 'look') {
    const { remaining, limit, lastReset } = lookAt(account, now)
    expect(await server.quota(one.user)).toMatchObject({
      status: 200,
      body: {
        user_id: one.user,
        quota_remaining: remaining,
        quota_limit: limit,
        last_reset_date: new Date(lastReset).toISOString(),
        next_reset_date: new Date(lastReset + day).toISOString(),
      },
    })
  } else if (one.do === 'generate') {
    await generate(server, account, now, one)
  } else {
    expect(await server.deliver(`user.${one.do}`, one.user)).toMatchObject({
      status: 200,
      body: { status: 'success' },
    })
    if (one.do === 'created') account.credits ??= { remaining: initial, limit: initial, lastReset: now }
    else accounts.delete(one.user)
  }
}

async function generate(
  server: Server,
  account: Account,
  now: number,
  { user, difficulty, times }: Extract<Step, { do: 'generate' }>,
) {
  const credits = lookAt(account, now)
  const granted = Math.min(times, credits.remaining)
  const answers = await parallel(times, () => server.generate(user, difficulty))
  const ids = answers.filter(({ status }) => status === 200).map(({ body }) => body.id)
  expect(ids).toHaveLength(granted)
  expect(answers.filter(({ problem }) => problem?.code === 'quota_exhausted')).toHaveLength(times - granted)
  credits.remaining -= granted
  account.owned.push(...ids)
}

/** Expects that the database has each open quota once and each challenge with its owner, as the accounts say. */
async function expectBalance(server: Server, accounts: Map<string, Account>) {
  const { quotas, challenges } = readTables(server)
  const open = [...accounts].filter(([, { credits }]) => credits)
  expect(quotas).toHaveLength(open.length)
  for (const [user, { credits }] of open) {
    expect(quotas).toContainEqual(
      expect.objectContaining({
        user_id: user,
        quota_remaining: credits?.remaining,
        last_reset_date: credits?.lastReset,
      }),
    )
  }
  expect(challenges).toHaveLength([...accounts.values()].flatMap(({ owned }) => owned).length)
  for (const user of users) {
    const { body } = await server.history(user, '?limit=500')
    const owned = accounts.get(user)?.owned ?? []
    expect(body.challenges.map(({ id }) => id).toSorted()).toEqual(owned.toSorted())
  }
}

test('random sequences of requests, webhooks and clock changes leave the credits and histories that the quota rules demand', async () => {
  let now = noon
  const env = { QUOTA_INITIAL: `${initial}`, QUOTA_DAILY: `${daily}` }
  await using server = await startServer({ env, now: () => now })

  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
      now = noon
      // The rows of the sequence before.
      for (const user of users) await server.deliver('user.deleted', user)
      const accounts = new Map<string, Account>()

      for (const one of steps) {
        if (one.do === 'wait') now += one.milliseconds
        else await take(server, accounts, now, one)
      }

      await expectBalance(server, accounts)
    }),
    { numRuns: 30 },
  )
})
