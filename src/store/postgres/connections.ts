import { type ReservedSQL, SQL } from 'bun'
import { drizzle } from 'drizzle-orm/bun-sql'
import { createSemaphore } from '../../semaphore.ts'
import { limitTo, TimedOut, withTimeout } from './deadline.ts'
import { NotConnected } from './errors.ts'
import { prepareStatements, type Statements } from './statements.ts'

type Options = {
  /** Bun's options for each connection. */
  client: SQL.PostgresOrMySQLOptions
  /** The maximum number of connections. */
  size: number
  /** The maximum duration of work with a connection, in milliseconds. After it the network path counts as silent. */
  silentMs: number
  /**
   * The maximum idle time, in milliseconds. Connections that were idle for longer are closed before use, because a NAT
   * gateway may have dropped them.
   */
  idleMs?: number
}

/** An established connection with its prepared statements. */
export type Session = { sql: ReservedSQL; db: ReturnType<typeof drizzle>; run: Statements }

/** Times are of `performance.now()`. */
type Connection = { client: SQL; session: Promise<Session>; openedAt: number; heardAt: number }

/** The age from which `renew` closes a connection, in milliseconds. It bounds the connections that are opened anew. */
const renewableMs = 1000

/** How long `close` waits for work in progress, in milliseconds. */
const closingMs = 5000

export type Connections = ReturnType<typeof createConnections>

/**
 * A pool of connections that closes connections whose network path is silent. Bun's own pool keeps such connections for
 * ever. Each connection is therefore a Bun client with a pool of one: closing the client closes the socket.
 */
export function createConnections({ client: options, size, silentMs, idleMs = 60_000 }: Options) {
  const slots = createSemaphore(size)
  const all = new Set<Connection>()
  /** Ordered by last use, the latest at the end. */
  const idle: Connection[] = []
  const busy = new Set<Promise<unknown>>()
  /** Connections that were opened before this time are not used again. */
  let renewedAt = 0

  function open(): Connection {
    const client = new SQL({ ...options, max: 1, onclose: () => forget(connection) })
    // The reservation is never released: without it Bun would reconnect by itself, even within a transaction.
    const session = client
      .reserve()
      .then(toSession, (cause) => Promise.reject(new NotConnected(undefined, { cause })))
    session.catch(() => undefined)
    const connection = { client, session, openedAt: performance.now(), heardAt: 0 }
    all.add(connection)
    return connection
  }

  function forget(connection: Connection) {
    all.delete(connection)
    const index = idle.indexOf(connection)
    if (index >= 0) idle.splice(index, 1)
  }

  function drop(connection: Connection) {
    forget(connection)
    connection.client.close({ timeout: 0 }).catch(() => undefined)
  }

  /** Closes the idle connections whose last answer arrived before `time`. */
  function dropIdle(time: number) {
    for (const connection of idle.filter(({ heardAt }) => heardAt < time)) drop(connection)
  }

  function take(): Connection {
    dropIdle(performance.now() - idleMs)
    return idle.pop() ?? open()
  }

  async function lend<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const connection = take()
    const takenAt = performance.now()
    const silent = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      drop(connection)
      // Idle connections without a later answer may have lost their path too.
      dropIdle(takenAt)
      silent.reject(new TimedOut())
    }, silentMs)
    try {
      const done = await Promise.race([connection.session.then(work), silent.promise])
      connection.heardAt = performance.now()
      if (connection.openedAt < renewedAt) drop(connection)
      if (all.has(connection)) idle.push(connection)
      return done
    } catch (error) {
      // The work may have left the connection in any state.
      drop(connection)
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    /**
     * Runs `work` with a connection that no other work uses meanwhile. Closes the connection if `work` throws.
     * @throws TimedOut if no connection is free by `deadline` (of `performance.now()`), or the path is silent
     */
    async use<T>(deadline: number, work: (session: Session) => Promise<T>): Promise<T> {
      await slots.acquire(limitTo(deadline))
      const lent = lend(work)
      busy.add(lent)
      try {
        return await lent
      } finally {
        busy.delete(lent)
        slots.release()
      }
    },
    /**
     * Replaces the connections after their current work, except new ones: after a failover they may lead to a server that
     * has become read-only.
     */
    renew() {
      renewedAt = performance.now() - renewableMs
      for (const connection of idle.filter(({ openedAt }) => openedAt < renewedAt)) drop(connection)
    },
    async close() {
      const ended = Promise.allSettled(busy)
      await withTimeout(ended, performance.now() + closingMs).catch(() => undefined)
      for (const connection of all) drop(connection)
    },
  }
}

function toSession(sql: ReservedSQL): Session {
  const db = drizzle({ client: sql })
  return { sql, db, run: prepareStatements(db) }
}
