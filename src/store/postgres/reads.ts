import type { Connections, Session } from './connections.ts'
import { TimedOut } from './deadline.ts'

/** The maximum number of reads that share a connection. */
const maxGroupSize = 16

type Member = { run: (session: Session) => Promise<void>; fail: (error: unknown) => void }

/**
 * Runs reads of a single statement. Reads that wait for a connection share the next free connection, on which Bun
 * pipelines their statements. They have no time limit on the server: the limit would cost two more round trips, and a
 * read waits for no row lock.
 */
export function createReads(connections: Connections) {
  /** The waiting reads that the next read joins. */
  let group: Member[] | undefined

  function join(deadline: number, member: Member) {
    if (group && group.length < maxGroupSize) return void group.push(member)
    const members = [member]
    const closeGroup = () => {
      if (group === members) group = undefined
    }
    group = members
    const run = (session: Session) => {
      closeGroup()
      return Promise.all(members.map((each) => each.run(session)))
    }
    connections.use(deadline, run).catch((error) => {
      closeGroup()
      for (const each of members) each.fail(error)
    })
  }

  return async function read<T>(deadline: number, work: (session: Session) => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    join(deadline, { run: (session) => work(session).then(resolve, reject), fail: reject })
    try {
      return await promise
    } catch (error) {
      // The group used the deadline of its first read; this read has time left.
      if (error instanceof TimedOut && performance.now() < deadline) return read(deadline, work)
      throw error
    }
  }
}
