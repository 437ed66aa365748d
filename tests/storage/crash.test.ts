import { expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { until } from '../support/async.ts'
import type { Client } from '../support/client.ts'
import { moveResetsBack, readDatabase } from '../support/database.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startModel } from '../support/model.ts'
import { type ServerProcess, startProcesses } from '../support/process.ts'
import { createRandomClients, failSometimes } from '../support/random-clients.ts'
import { type Seeded, seeded } from '../support/seeded.ts'
import { environment, modelVariables } from '../support/server.ts'

setDefaultTimeout(60_000)

const clients = 14
const guests = ['guest_1', 'guest_2']
const users = Array.from({ length: 4 }, (_, n) => `user_${n}`)

type Traffic = ReturnType<typeof createRandomClients>
type Plan = { random: Seeded; traffic: Traffic }

/** Puts load on these servers, and kills one after another, each after a random number of answers. */
async function loadAndKill({ random, traffic }: Plan, servers: ServerProcess[]) {
  let over = false
  const load = [
    ...Array.from({ length: clients }, (_, n) =>
      traffic.client(servers, users[n % users.length] as string, () => over),
    ),
    ...guests.map((guest) => traffic.guest(servers, guest, () => over)),
  ]
  for (const server of servers) {
    const enough = traffic.answers() + random.whole(20, 150)
    await until(() => traffic.answers() >= enough, 'enough answers')
    server.kill('SIGKILL')
    await server.ended
  }
  over = true
  await Promise.all(load)
}

/**
 * Expects that the file is intact, that no acknowledged challenge is lost, and that every user was charged for exactly
 * the model's challenges that they own, except those in `before`. Returns the number of challenges of each user.
 */
function checkBalance(
  path: string,
  { acknowledged, newcomers, complaints }: Traffic,
  before: Map<string, number>,
) {
  const { integrity, quotas, owned } = readDatabase(path)
  expect(integrity).toEqual(['ok'])
  const byId = new Map(owned.map(({ id, ...rest }) => [id, rest]))
  const lost = [...acknowledged].filter(([id, handed]) => !Bun.deepEquals(byId.get(id), handed))
  expect(lost).toEqual([])
  expect(newcomers.filter((user) => !quotas.some((quota) => quota.user === user))).toEqual([])
  expect(complaints).toEqual([])

  const count = new Map<string, number>()
  for (const { user, source } of owned) {
    if (source === 'ai') count.set(user, (count.get(user) ?? 0) + 1)
  }
  expect(quotas.map(({ user, limit, remaining }) => [user, limit - remaining])).toEqual(
    quotas.map(({ user }) => [user, (count.get(user) ?? 0) - (before.get(user) ?? 0)]),
  )
  expect([...count.keys()].filter((user) => !quotas.some((quota) => quota.user === user))).toEqual([])
  return count
}

/** Expects that repeated requests get the challenges from before the crash. */
async function checkKeys({ random, traffic }: Plan, servers: Client[]) {
  const keyed = [...traffic.acknowledged].filter(([, { key, user }]) => key && users.includes(user))
  for (const [id, { key, user }] of keyed.slice(0, 10)) {
    const difficulty = ['easy', 'medium', 'hard'][(key?.length ?? 0) % 3]
    const { body } = await random.pick(servers).generate(user, difficulty, { 'idempotency-key': key ?? '' })
    expect(body.id).toBe(id)
  }
}

/** CRASH_SEED chooses the moments of the kills, and CRASH_ROUNDS multiplies their number, for a search overnight. */
const { CRASH_SEED = '1', CRASH_ROUNDS = '1' } = process.env
const rounds = 2 * Number(CRASH_ROUNDS)

test(
  'after crashes of two processes no acknowledged challenge is lost, every charge has its challenge, and a due quota is refilled once',
  async () => {
    using folder = temporaryFolder()
    await using model = startModel()
    const random = seeded(Number(CRASH_SEED))
    failSometimes(model, random)
    const traffic = createRandomClients(random)
    const plan = { random, traffic }
    const path = join(folder.path, 'challenges.db')
    const quota = { QUOTA_INITIAL: '60', QUOTA_DAILY: '40', POOL_SIZE: '2' }
    const env = environment({ DATABASE_URL: `file:${path}`, ...quota, ...modelVariables(model) })
    await using running = new AsyncDisposableStack()
    const start = async () => running.use(await startProcesses(2, { cwd: folder.path, env })).all
    let before = new Map<string, number>()
    let servers = await start()

    for (let round = 0; round < rounds; round++) {
      await loadAndKill(plan, servers)
      // The next round kills these servers.
      servers = await start()
      const count = checkBalance(path, traffic, before)
      await checkKeys(plan, servers)
      moveResetsBack(path, users)
      traffic.forgetCharges(users)
      before = new Map(users.map((user) => [user, count.get(user) ?? 0]))
      const looks = await Promise.all(users.flatMap((user) => servers.map((server) => server.quota(user))))
      expect(looks.map(({ body }) => body.quota_remaining)).toEqual(looks.map(() => 40))
    }
    expect(traffic.acknowledged.size).toBeGreaterThan(10 * rounds)
    expect(traffic.newcomers.length).toBeGreaterThan(rounds)
    expect(traffic.cut()).toBeGreaterThanOrEqual(rounds)
  },
  40_000 * Number(CRASH_ROUNDS),
)
