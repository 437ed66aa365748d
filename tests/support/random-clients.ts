import type { Answer, Client } from './client.ts'
import { goodChallenge, type Model } from './model.ts'
import type { Seeded } from './seeded.ts'

const difficulties = ['easy', 'medium', 'hard'] as const

type Challenge = Awaited<ReturnType<Client['generate']>>['body']
type Handed = { user: string; title: string; source: string; key: string | null }

/**
 * Clients that send random requests, and remember the acknowledged ones. Unexpected answers, and answers that contradict
 * earlier ones, are listed in `complaints`.
 */
export function createRandomClients(random: Seeded) {
  /** The acknowledged challenges by id. */
  const acknowledged = new Map<number, Handed>()
  /** The users whose `user.created` was acknowledged, and who have sent no request. */
  const newcomers: string[] = []
  const charges = new Map<string, number>()
  const complaints: string[] = []
  let answers = 0
  let cut = 0

  function complain(request: string, { status, problem }: Answer<unknown>) {
    complaints.push(`${request}: ${status} ${problem?.detail}`)
  }

  async function generate(server: Client, user: string, key: string | null) {
    const difficulty = key ? difficulties[key.length % 3] : random.pick(difficulties)
    const answer = await server.generate(user, difficulty, key ? { 'idempotency-key': key } : {})
    if (answer.status === 200) remember(user, key, answer.body)
    else if (answer.status !== 429) complain(`challenge for ${user}`, answer)
  }

  function remember(user: string, key: string | null, { id, title, source }: Challenge) {
    const known = acknowledged.get(id)
    if (known && (known.user !== user || known.key !== key))
      complaints.push(`challenge ${id} was given twice`)
    if (!known && source === 'ai') charges.set(user, (charges.get(user) ?? 0) + 1)
    acknowledged.set(id, { user, title, source, key })
  }

  async function look(server: Client, user: string) {
    const spent = charges.get(user) ?? 0
    const answer = await server.quota(user)
    if (answer.status !== 200) return complain(`quota of ${user}`, answer)
    const shown = answer.body.quota_limit - answer.body.quota_remaining
    if (shown < spent) complaints.push(`${user} was shown ${shown} charges after ${spent}`)
  }

  async function deliver(server: Client, type: string, user: string) {
    const answer = await server.deliver(type, user)
    if (answer.status !== 200) complain(`${type} for ${user}`, answer)
  }

  async function repeat(done: () => boolean, step: () => Promise<void>) {
    while (!done()) {
      try {
        await step()
        answers++
      } catch {
        // The outcome of an interrupted request is unknown. A stopped server refuses connections at once: the pause saves CPU.
        cut++
        await Bun.sleep(5)
      }
    }
  }

  return {
    acknowledged,
    newcomers,
    complaints,
    /** The number of answered requests. */
    answers: () => answers,
    /** The number of requests without an answer. */
    cut: () => cut,
    /** Forgets the charges of these users, whose quotas were refilled. */
    forgetCharges: (users: string[]) => {
      for (const user of users) charges.delete(user)
    },

    /** A client that sends random requests of `user` to random servers. */
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

    /** A client of a user who is erased again and again. */
    guest: (servers: Client[], user: string, done: () => boolean) =>
      repeat(done, async () => {
        const server = random.pick(servers)
        if (random.chance(0.3)) await deliver(server, 'user.deleted', user)
        else await server.generate(user)
      }),
  }
}

/** Makes a third of the model's challenges invalid, so that some challenges come from the bank without charge. */
export function failSometimes(model: Model, random: Seeded) {
  model.author = () => ({ ...goodChallenge(), ...(random.chance(0.35) && { distractors: [] }) })
}
