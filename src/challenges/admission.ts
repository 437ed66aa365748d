/** One request of a user, from its look at the quota until it is answered. */
type Ticket = {
  /** How many credits other requests of the user are about to spend. */
  reserved: () => number
  /** Whether this request may spend one of `remaining` credits, as counted since the ticket was drawn. */
  admit: (remaining: number) => boolean
  /** To be called once, whatever happened. */
  leave: () => void
}

type Visitor = { waiting: number; active: number; settled: number }

/**
 * Keeps a user with R credits to R generations at once in this process, so that requests which cannot be paid for
 * cost no model calls. What is charged in the end is decided by the store alone.
 */
export function createAdmission() {
  const visitors = new Map<string, Visitor>()

  return function arrive(userId: string): Ticket {
    const visitor = visitors.get(userId) ?? { waiting: 0, active: 0, settled: 0 }
    visitors.set(userId, visitor)
    visitor.waiting++
    const settledBefore = visitor.settled
    let admitted = false

    return {
      reserved: () => visitor.active,
      admit(remaining) {
        // Who settled while the quota was looked at may have spent a credit that was still counted.
        const spoken = visitor.active + visitor.settled - settledBefore
        admitted = spoken < remaining
        if (admitted) visitor.active++
        return admitted
      },
      leave() {
        visitor.waiting--
        if (admitted) {
          visitor.active--
          visitor.settled++
        }
        if (visitor.waiting === 0) visitors.delete(userId)
      },
    }
  }
}
