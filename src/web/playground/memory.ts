/** The choices for a new challenge. An empty topic means any topic. */
export type Choice = { difficulty: string; topic: string }

type Remembered = {
  choice?: Choice | undefined
  /** The challenge that is shown and not yet answered. */
  openChallenge?: number | undefined
  /** The generation whose answer has not arrived. A repetition with its key costs no second credit. */
  pending?: (Choice & { key: string; cancelled: boolean }) | undefined
}

export type Memory = ReturnType<typeof createMemory>

/** Remembers the choices and the open challenge of a user in this browser. */
export function createMemory(userId: string) {
  const name = `playground.${userId}`
  let remembered: Remembered = read(name)

  return {
    get: () => remembered,
    set(change: Remembered) {
      remembered = { ...remembered, ...change }
      localStorage.setItem(name, JSON.stringify(remembered))
    },
  }
}

function read(name: string): Remembered {
  try {
    return JSON.parse(localStorage.getItem(name) ?? '{}') as Remembered
  } catch {
    return {}
  }
}
