import wasmFile from '@jitl/quickjs-wasmfile-release-sync/wasm' with { type: 'file' }
import { workerUrl } from '../../worker-url.ts'
import { type Job, type Outcome, type TimedJob, type TimeLimits, timeLimits } from './protocol.ts'

export type Sandbox = ReturnType<typeof createSandbox>

/**
 * Runs code in a worker thread that serves one job and is ended after it, so that no memory is held between jobs and
 * nothing passes from one to another. Jobs run one after the other.
 */
export function createSandbox(limits: TimeLimits = timeLimits) {
  const closing = new AbortController()
  let last: Promise<unknown> = Promise.resolve()
  let compiling: Promise<WebAssembly.Module> | undefined

  async function runTimed(job: Job, signal: AbortSignal): Promise<Outcome[] | undefined> {
    if (signal.aborted) return undefined
    compiling ??= compileEngine()
    const engine = await compiling
    return await runInWorker({ ...job, engine, runMs: limits.runMs }, limits, signal)
  }

  /** @returns one outcome for each way to run the source, or `undefined` if the runs prove nothing */
  function run(job: Job, signal: AbortSignal): Promise<Outcome[] | undefined> {
    const either = AbortSignal.any([signal, closing.signal])
    const { promise, resolve } = Promise.withResolvers<Outcome[] | undefined>()
    const giveUp = () => resolve(undefined)
    // A job that is cancelled does not wait for the jobs before it.
    either.addEventListener('abort', giveUp)
    if (either.aborted) giveUp()
    last = last
      .then(() => runTimed(job, either))
      // Without a worker nothing is proven, and later jobs try again.
      .then(resolve, giveUp)
      .finally(() => either.removeEventListener('abort', giveUp))
    return promise
  }

  return {
    run,
    async [Symbol.asyncDispose]() {
      closing.abort()
      await last
    },
  }
}

/** Compiles the engine for all workers: compiling takes longer than most jobs. */
async function compileEngine(): Promise<WebAssembly.Module> {
  return await WebAssembly.compile(await Bun.file(wasmFile).arrayBuffer())
}

async function runInWorker(
  job: TimedJob,
  { killMs, startMs }: TimeLimits,
  signal: AbortSignal,
): Promise<Outcome[] | undefined> {
  const worker = new Worker(workerUrl, { smol: true, ref: false })
  const { promise, resolve } = Promise.withResolvers<Outcome[] | undefined>()
  const giveUp = () => resolve(undefined)
  let timer = setTimeout(giveUp, startMs)
  signal.addEventListener('abort', giveUp)
  worker.onerror = giveUp
  worker.onmessage = ({ data }: MessageEvent<'ready' | Outcome[] | undefined>) => {
    if (data !== 'ready') return resolve(data)
    clearTimeout(timer)
    timer = setTimeout(giveUp, killMs)
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
