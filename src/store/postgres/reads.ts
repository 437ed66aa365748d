import type { Connections, Session } from './connections.ts'
import { TimedOut } from './deadline.ts'

/** The most reads that share a connection. */
const most = 16

type Member = { run: (session: Session) => Promise<void>; fail: (error: unknown) => void }

/**
 * Runs single statements that only read. Reads that wait for a connection share the next one that is free: Bun sends
 * them one after another, without waiting for answers in between. They have no time limit on the server, which would
 * cost two more round trips: a read waits for no lock of a row.
 */
export function createReads(connections: Connections) {
  /** The reads that wait for the same connection; more may join them. */
  let group: Member[] | undefined

  function join(deadline: number, member: Member) {
    if (group && group.length < most) return void group.push(member)
    const members = [member]
    const leave = () => {
      if (group === members) group = undefined
    }
    group = members
    const run = (session: Session) => {
      leave()
      return Promise.all(members.map((each) => each.run(session)))
    }
    connections.use(deadline, run).catch((error) => {
      leave()
      for (const each of members) each.fail(error)
    })
  }

  return async function read<T>(deadline: number, work: (session: Session) => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    join(deadline, { run: (session) => work(session).then(resolve, reject), fail: reject })
    try {
      return await promise
    } catch (error) {
      // The first of the group had less time than this one.
      if (error instanceof TimedOut && performance.now() < deadline) return read(deadline, work)
      throw error
    }
  }
}
