import type { Quota, Topic } from './api.ts'

/** The values that several parts of the page show. */
export type State = {
  quota: Quota | undefined
  /** The topics that the server offers. */
  topics: Topic[]
  /** Whether a generation is in flight. */
  generating: boolean
}

export type Store = ReturnType<typeof createStore>

/** Holds the state of one session. */
export function createStore() {
  let state: State = { quota: undefined, topics: [], generating: false }
  const listeners: ((state: State) => void)[] = []

  return {
    get: () => state,
    set(change: Partial<State>) {
      state = { ...state, ...change }
      for (const listener of listeners) listener(state)
    },
    /** Calls `listener` now and after each change. */
    subscribe(listener: (state: State) => void) {
      listeners.push(listener)
      listener(state)
    },
  }
}

/** The name of a topic, or its id if the server does not offer the topic. */
export function nameTopic(store: Store, id: string): string {
  return store.get().topics.find((topic) => topic.id === id)?.name ?? id
}
