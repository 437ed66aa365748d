import { setTimeout as delay } from 'node:timers/promises'
import { withJitter } from '../../jitter.ts'
import { problems } from '../../problem.ts'
import { toClientOptions } from './client-options.ts'
import { type Connections, createConnections } from './connections.ts'
import { withTimeout } from './deadline.ts'
import { explain, findRootCause, isConflict, isPassing, isUnavailable } from './errors.ts'
import { prepareDatabase } from './preparing.ts'
import { describeFailure } from './start-errors.ts'

export type PostgresOptions = {
  url: string
  /** The maximum number of connections of this process. */
  connections: number
  /** The maximum time that a request waits for the database, in milliseconds. */
  timeoutMs: number
  /** How long the opening tries again while the server is unreachable, in milliseconds; by default it tries once. */
  startMs?: number
  /** Whether to migrate a database of an older version; `true` by default. A new database gets its schema anyway. */
  mayUpgrade?: boolean | undefined
  /** Called before the opening tries again, with one sentence for the operator; not twice in a row with the same one. */
  onRetry?: (reason: string) => void
}

/** The pause before the opening tries again, in milliseconds. */
const retryMs = 500

/**
 * Connects to the database and migrates its schema.
 * @throws Error with one sentence for the operator if the database cannot be used
 */
export async function openPostgres({ url, startMs = 0, ...options }: PostgresOptions): Promise<Connections> {
  const { connections: size, timeoutMs, mayUpgrade = true, onRetry = () => undefined } = options
  const client = { ...toClientOptions(url), connectionTimeout: timeoutMs / 1000 }
  // The time limit on the server is shorter: if the error of that limit does not arrive either, the path is silent.
  const connections = createConnections({ client, size, silentMs: timeoutMs * 1.25 })
  const giveUpAt = performance.now() + startMs
  let reported = ''
  for (;;) {
    try {
      await prepareDatabase({ client, connections, timeoutMs, mayUpgrade })
      return connections
    } catch (thrown) {
      const error = explain(thrown)
      const sentence = await describeFailure(error, new URL(url))
      if (!isPassing(error) || performance.now() > giveUpAt) {
        await connections.close()
        throw new Error(sentence, { cause: error })
      }
      if (sentence !== reported) onRetry(sentence)
      reported = sentence
      await delay(withJitter(retryMs))
    }
  }
}

/**
 * Runs database work, and repeats it after a serialization failure or a deadlock
 * (https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html).
 * @throws Problem `unavailable` if the database cannot be reached or does not answer in time
 */
export async function retryConflicts<T>(
  work: (deadline: number) => Promise<T>,
  timeoutMs: number,
): Promise<T> {
  const deadline = performance.now() + timeoutMs
  const repeat = async (): Promise<T> => {
    for (;;) {
      try {
        return await work(deadline)
      } catch (thrown) {
        if (!isConflict(findRootCause(thrown)) || performance.now() > deadline) throw thrown
      }
    }
  }
  try {
    return await withTimeout(repeat(), deadline)
  } catch (thrown) {
    // Unwrap the client's error: Drizzle's message quotes every value of the statement.
    const error = findRootCause(thrown)
    if (!isConflict(error) && !isUnavailable(error)) throw error
    throw problems.databaseUnavailable(explain(error))
  }
}
