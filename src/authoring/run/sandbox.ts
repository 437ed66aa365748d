import { workerUrl } from '../../worker-url.ts'
import { bounds, type Job, type Outcome } from './outcome.ts'

export type Sandbox = ReturnType<typeof createSandbox>

/**
 * Runs code in a worker thread that serves one job and is ended after it, so that no memory is held between jobs and
 * nothing passes from one to another. Jobs run one after the other.
 */
export function createSandbox() {
  const closing = new AbortController()
  let last: Promise<unknown> = Promise.resolve()

  /** @returns one outcome for each way to run the source, or `undefined` if the runs prove nothing */
  function run(job: Job, signal: AbortSignal): Promise<Outcome[] | undefined> {
    const either = AbortSignal.any([signal, closing.signal])
    const running = last.then(() => (either.aborted ? undefined : runInWorker(job, either)))
    last = running
    return running
  }

  return {
    run,
    async [Symbol.asyncDispose]() {
      closing.abort()
      await last
    },
  }
}

async function runInWorker(job: Job, signal: AbortSignal): Promise<Outcome[] | undefined> {
  const worker = new Worker(workerUrl, { smol: true, ref: false })
  const { promise, resolve } = Promise.withResolvers<Outcome[] | undefined>()
  const giveUp = () => resolve(undefined)
  let timer = setTimeout(giveUp, bounds.startMs)
  signal.addEventListener('abort', giveUp)
  worker.onerror = giveUp
  worker.onmessage = ({ data }: MessageEvent<'ready' | Outcome[] | undefined>) => {
    if (data !== 'ready') return resolve(data)
    clearTimeout(timer)
    timer = setTimeout(giveUp, bounds.killMs)
    worker.postMessage(job)
  }
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', giveUp)
    worker.terminate()
  }
}
