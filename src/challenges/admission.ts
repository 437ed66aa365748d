/** The slot of one request of a user, which is held from the read of the quota until the answer. */
type Slot = {
  /** Whether this request may spend one of `remaining` credits, a number that was read since the slot was acquired. */
  admit: (remaining: number) => boolean
  /** To be called once, whatever happened. */
  release: () => void
}

type User = { slots: number; active: number; finished: number }

/**
 * Limits a user with R credits to R generations at once in this process, so that requests which cannot be paid for cost
 * no model calls. The store alone decides which of them is charged.
 */
export function createUserSlots() {
  const users = new Map<string, User>()

  return function acquire(userId: string): Slot {
    const user = users.get(userId) ?? { slots: 0, active: 0, finished: 0 }
    users.set(userId, user)
    user.slots++
    const finishedBefore = user.finished
    let admitted = false

    return {
      admit(remaining) {
        // A request that finished after `remaining` was read may already have spent one of those credits.
        const spending = user.active + user.finished - finishedBefore
        admitted = spending < remaining
        if (admitted) user.active++
        return admitted
      },
      release() {
        user.slots--
        if (admitted) {
          user.active--
          user.finished++
        }
        if (user.slots === 0) users.delete(userId)
      },
    }
  }
}
