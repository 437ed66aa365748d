import { rmSync, statSync } from 'node:fs'
import { copyWorkerUrl } from '../../worker-url.ts'
import type { CopyJob, CopyMessage } from './copying.ts'

/** Progress is shown after a second. */
const patienceMs = 1000
const intervalMs = 250

/**
 * Copies and checks a database of this server in a worker. If the copy fails or is interrupted, its file is removed.
 * `show` is called with the progress of a copy that takes longer than a second.
 * @throws Error with one sentence
 */
export async function copyDatabase(job: CopyJob, show: (text: string) => void): Promise<void> {
  const remove = () => rmSync(job.to, { force: true })
  const interrupt = () => {
    remove()
    process.exit(1)
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  try {
    await runWorker(job, show)
  } catch (error) {
    remove()
    throw error
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  }
}

async function runWorker(job: CopyJob, show: (text: string) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const fail = (reason: string) =>
    reject(new Error(`${job.from} cannot be copied: ${reason.replace(/\.$/, '')}.`))
  const progress = watchProgress(job.to, show)
  const worker = new Worker(copyWorkerUrl)
  worker.onerror = ({ message }) => fail(message)
  worker.onmessage = ({ data }: MessageEvent<CopyMessage>) => {
    if (data.state === 'done') resolve()
    else if (data.state === 'failed') fail(data.reason)
    else progress.enter(data)
  }
  worker.postMessage(job)
  try {
    await promise
  } finally {
    progress.end()
    worker.terminate()
  }
}

/** Shows how far the copy is, by the size of its file. */
function watchProgress(path: string, show: (text: string) => void) {
  const start = performance.now()
  let phase: CopyMessage | undefined
  const look = () => {
    if (performance.now() - start < patienceMs || !phase) return
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    show(phase.state === 'copying' ? `Copied ${toMB(size)} of ${toMB(phase.bytes)} MB` : 'Checking')
  }
  const timer = setInterval(look, intervalMs)
  return {
    enter(message: CopyMessage) {
      phase = message
    },
    end: () => clearInterval(timer),
  }
}

const toMB = (bytes: number) => Math.ceil(bytes / 1_000_000)
