import { type CopyJob, type CopyMessage, copyAndCheck } from './copying.ts'

// A copy of a large database takes minutes, and bun:sqlite blocks its thread.

declare const self: Worker

const post = (message: CopyMessage) => self.postMessage(message)

self.onmessage = ({ data }: MessageEvent<CopyJob>) => {
  try {
    copyAndCheck(data, post)
    post({ state: 'done' })
  } catch (error) {
    post({ state: 'failed', reason: error instanceof Error ? error.message : 'unknown' })
  }
}
