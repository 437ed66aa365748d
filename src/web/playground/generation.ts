import { ApiError, type Challenge } from './api.ts'
import type { Call } from './client.ts'
import type { Choice, Memory } from './memory.ts'
import type { Stage } from './stage.ts'
import { nameTopic, type Store } from './state.ts'

type Parts = {
  call: Call
  store: Store
  memory: Memory
  stage: Pick<Stage, 'showProgress' | 'showCancelled' | 'showError'>
  /** Called with each new challenge. */
  onChallenge: (challenge: Challenge) => void
  /** Called when the server refused to generate. */
  onRefused: () => void
}

/** Creates the function that generates a challenge. A lost answer is asked for again with the same idempotency key. */
export function createGeneration({ call, store, memory, stage, onChallenge, onRefused }: Parts) {
  async function generate(choice: Choice) {
    const { generating, quota } = store.get()
    const lost = memory.get().pending
    const isRepetition = lost?.difficulty === choice.difficulty && lost.topic === choice.topic
    if (generating || (quota?.quota_remaining === 0 && !isRepetition)) return
    const pending = { ...choice, key: isRepetition ? lost.key : randomKey(), cancelled: false }
    memory.set({ pending })
    store.set({ generating: true })
    const cancel = new AbortController()
    stage.showProgress(describe(choice), () => cancel.abort())
    try {
      const challenge = await call<Challenge>(toRequest(pending), { shown: true, cancel: cancel.signal })
      memory.set({ pending: undefined })
      onChallenge(challenge)
    } catch (error) {
      if (cancel.signal.aborted) {
        memory.set({ pending: { ...pending, cancelled: true } })
        stage.showCancelled()
        return
      }
      const isRefused = error instanceof ApiError && error.code !== ''
      if (isRefused) memory.set({ pending: undefined })
      stage.showError(error)
      if (isRefused) onRefused()
    } finally {
      store.set({ generating: false })
    }
  }

  function describe({ difficulty, topic }: Choice): string {
    return topic ? `${difficulty}, ${nameTopic(store, topic)}` : difficulty
  }

  return generate
}

function toRequest({ difficulty, topic, key }: Choice & { key: string }) {
  return {
    method: 'POST',
    path: '/api/generate-challenge',
    headers: { 'Idempotency-Key': key },
    body: { difficulty, ...(topic && { topic }) },
  } as const
}

/** Creates an idempotency key. `crypto.randomUUID` exists only on HTTPS and loopback addresses. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}
