import { goodChallenge, type Model } from './model.ts'
import type { Seeded } from './seeded.ts'
import type { Body, Client } from './server.ts'

const difficulties = ['easy', 'medium', 'hard'] as const

type Handed = { user: string; title: string; source: string; key: string | null }

/**
 * Clients that use servers as real ones would, and remember what was acknowledged to them. What contradicts an earlier
 * answer, or is no answer a client should get, is put down in `complaints`.
 */
export function createTraffic(random: Seeded) {
  /** What each challenge that was acknowledged looked like, by its id. */
  const acknowledged = new Map<number, Handed>()
  /** Whose arrival was acknowledged to Clerk, and who has asked for nothing since. */
  const newcomers: string[] = []
  const charges = new Map<string, number>()
  const complaints: string[] = []
  let answers = 0
  let cut = 0

  async function generate(server: Client, user: string, key: string | null) {
    const difficulty = key ? difficulties[key.length % 3] : random.pick(difficulties)
    const { status, body } = await server.generate(user, difficulty, key ? { 'idempotency-key': key } : {})
    if (status === 200) remember(user, key, body)
    else if (status !== 429) complaints.push(`a challenge for ${user}: ${status} ${body.detail}`)
  }

  function remember(user: string, key: string | null, { id, title, source }: Body) {
    const known = acknowledged.get(id)
    if (known && (known.user !== user || known.key !== key))
      complaints.push(`challenge ${id} was given twice`)
    if (!known && source === 'ai') charges.set(user, (charges.get(user) ?? 0) + 1)
    acknowledged.set(id, { user, title, source, key })
  }

  async function look(server: Client, user: string) {
    const spent = charges.get(user) ?? 0
    const { status, body } = await server.quota(user)
    const shown = body.quota_limit - body.quota_remaining
    if (status !== 200) complaints.push(`the quota of ${user}: ${status} ${body.detail}`)
    else if (shown < spent) complaints.push(`${user} was shown ${shown} charges after ${spent}`)
  }

  async function deliver(server: Client, type: string, user: string) {
    const { status } = await server.deliver(type, user)
    if (status !== 200) complaints.push(`${type} for ${user}: ${status}`)
  }

  async function repeat(done: () => boolean, step: () => Promise<void>) {
    while (!done()) {
      try {
        await step()
        answers++
      } catch {
        // Cut off: nobody knows what became of it. A dead server refuses at once.
        cut++
        await Bun.sleep(5)
      }
    }
  }

  return {
    acknowledged,
    newcomers,
    complaints,
    /** How many requests were answered. */
    answers: () => answers,
    /** How many requests got no answer. */
    cut: () => cut,
    /** The credits of these users have been set again: looks count from here. */
    forgive: (users: string[]) => {
      for (const user of users) charges.delete(user)
    },

    /** One client of `user`: a mixture of everything, at one server or another. */
    client: (servers: Client[], user: string, done: () => boolean) =>
      repeat(done, async () => {
        const server = random.pick(servers)
        const dice = random.next()
        if (dice < 0.5) await generate(server, user, null)
        else if (dice < 0.75) await generate(server, user, 'k'.repeat(random.whole(1, 20)))
        else if (dice < 0.9) await look(server, user)
        else if (dice < 0.95) await deliver(server, 'user.created', user)
        else {
          const newcomer = `newcomer_${random.whole(0, 1e9)}`
          await deliver(server, 'user.created', newcomer)
          newcomers.push(newcomer)
        }
      }),

    /** A user who comes and goes. */
    guest: (servers: Client[], user: string, done: () => boolean) =>
      repeat(done, async () => {
        const server = random.pick(servers)
        if (random.chance(0.3)) await deliver(server, 'user.deleted', user)
        else await server.generate(user)
      }),
  }
}

/** Lets a third of the model's challenges be unfit, so that now and then one comes from the bank, free. */
export function makeFickle(model: Model, random: Seeded) {
  model.author = () => ({ ...goodChallenge(), ...(random.chance(0.35) && { distractors: [] }) })
}
