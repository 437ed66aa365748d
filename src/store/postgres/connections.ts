import { type ReservedSQL, SQL } from 'bun'
import { drizzle } from 'drizzle-orm/bun-sql'
import { TimedOut, withinTime } from './deadline.ts'
import { prepareStatements, type Statements } from './statements.ts'
import { createPlaces } from './turns.ts'

type Options = {
  /** How every connection is made. */
  client: SQL.PostgresOrMySQLOptions
  /** The most connections. */
  size: number
  /** How long work with a connection may take before its path counts as silent, in milliseconds. */
  silentMs: number
  /** Connections that were idle for longer are closed before use: a NAT gateway may have dropped them. */
  idleMs?: number
}

/** An established connection, as work sees it. */
export type Session = { sql: ReservedSQL; db: ReturnType<typeof drizzle>; run: Statements }

type Connection = { client: SQL; session: Promise<Session>; heardAt: number }

/** How long a close waits for work under way. */
const closingMs = 5000

export type Connections = ReturnType<typeof createConnections>

/**
 * Lends connections, and gives up those whose path has gone silent. Bun's own pool keeps such connections for ever,
 * so every connection is a client of its own here: to close that client is what drops its socket.
 */
export function createConnections({ client: options, size, silentMs, idleMs = 60_000 }: Options) {
  const places = createPlaces(size)
  const all = new Set<Connection>()
  /** Ordered by last use, the latest at the end. */
  const idle: Connection[] = []
  const busy = new Set<Promise<unknown>>()

  function open(): Connection {
    const client = new SQL({ ...options, max: 1, onclose: () => forget(connection) })
    // The reservation lasts as long as the connection: otherwise Bun reconnects by itself, even within a transaction.
    const session = client.reserve().then((sql) => {
      const db = drizzle({ client: sql })
      return { sql, db, run: prepareStatements(db) }
    })
    session.catch(() => undefined)
    const connection = { client, session, heardAt: 0 }
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

  /** Closes the idle connections on which the server was last heard before `time`. */
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
      // Idle connections on which nothing was heard since then may have lost their path too.
      dropIdle(takenAt)
      silent.reject(new TimedOut())
    }, silentMs)
    try {
      const done = await Promise.race([connection.session.then(work), silent.promise])
      connection.heardAt = performance.now()
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
     * Does `work` with a connection of its own; if the work throws, the connection is closed.
     * @throws TimedOut if no connection is free by `deadline` (of `performance.now()`), or if its path is silent.
     */
    async use<T>(deadline: number, work: (session: Session) => Promise<T>): Promise<T> {
      await places.enter(deadline)
      const lent = lend(work)
      busy.add(lent)
      try {
        return await lent
      } finally {
        busy.delete(lent)
        places.leave()
      }
    },
    async close() {
      const ended = Promise.allSettled(busy)
      await withinTime(ended, performance.now() + closingMs).catch(() => undefined)
      for (const connection of all) drop(connection)
    },
  }
}
