import { until } from '../tests/support/async.ts'
import { goodChallenge, type Model } from '../tests/support/model.ts'
import { median, type Run } from './comparison.ts'
import { activeUsers } from './data.ts'
import { findToken } from './requests.ts'
import type { BenchServer } from './servers.ts'

/** The maximum of `POOL_SIZE`. */
export const poolSize = 1000
/** Less than the pool holds, so that no claim waits for the model. */
const claimsPerRun = 900
const workers = 32

/**
 * Measures claims over HTTP only, so that the schema of the server does not matter. The server fills its pool from the
 * fake model, which does not answer during the measurement.
 */
export async function createPoolClaims(model: Model) {
  const tokens = await Promise.all(activeUsers.map(findToken))

  async function fill(server: BenchServer) {
    const level = async () => {
      const metrics = await (await fetch(`${server.url}/metrics`)).text()
      const levels = metrics.matchAll(/^pool_ready_challenges\{[^}]*difficulty="easy"[^}]*\} (\d+)$/gm)
      return [...levels].reduce((sum, [, ready]) => sum + Number(ready), 0) >= poolSize
    }
    // Only a claim makes the server fill its pool.
    await claim(server, tokens[0] ?? '')
    await until(level, 'the pool is full', 120_000)
  }

  return {
    fill,

    /** Claims 101 challenges for each user. */
    async fillHistories(server: BenchServer, users: string[]) {
      const readers = await Promise.all(users.map(findToken))
      await inParallel(
        readers.flatMap((token) => Array<string>(101).fill(token)),
        (token) => claim(server, token),
      )
    },

    /** Fills the pool and measures claims from it. */
    async run(server: BenchServer): Promise<Run> {
      await fill(server)
      const gate = Promise.withResolvers<void>()
      model.author = () => gate.promise.then(goodChallenge)
      const latencies: number[] = []
      const cpuBefore = server.cpuMs()
      const begin = performance.now()
      await inParallel(tokens.slice(0, claimsPerRun), async (token) => {
        const sent = performance.now()
        await claim(server, token)
        latencies.push(performance.now() - sent)
      })
      const seconds = (performance.now() - begin) / 1000
      const cpuMicros = ((server.cpuMs() - cpuBefore) * 1000) / claimsPerRun
      model.author = goodChallenge
      gate.resolve()
      const p99 = latencies.toSorted((a, b) => a - b)[Math.floor(claimsPerRun * 0.99)] ?? Number.NaN
      return {
        requests: claimsPerRun,
        perSecond: claimsPerRun / seconds,
        p50: median(latencies),
        p99,
        cpuMicros,
      }
    },
  }
}

async function claim(server: BenchServer, token: string) {
  const response = await fetch(`${server.url}/api/generate-challenge`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{"difficulty":"easy"}',
  })
  const { source, detail } = (await response.json()) as { source?: string; detail?: string }
  if (source !== 'ai')
    throw new Error(`A claim returned no challenge by the model: ${response.status}, ${detail}.`)
}

async function inParallel<T>(items: T[], work: (item: T) => Promise<void>) {
  const left = items.values()
  const worker = async () => {
    for (const item of left) await work(item)
  }
  await Promise.all(Array.from({ length: workers }, worker))
}
