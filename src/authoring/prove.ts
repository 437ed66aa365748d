import type { EventBus } from '../events.ts'
import type { Proof } from '../question.ts'
import type { Authored } from './authored.ts'
import { toJob } from './run/job.ts'
import { judge } from './run/judge.ts'
import { createSandbox } from './run/sandbox.ts'

export type Prover = (authored: Authored, language: string, signal: AbortSignal) => Promise<Proof>

/** Proves keys of JavaScript and TypeScript by running the code of the question, where that is possible. */
export function createProver(events: EventBus) {
  const sandbox = createSandbox()
  const prove: Prover = async (authored, language, signal) => {
    const job = toJob(authored, language)
    if (!job) return 'unproven'
    const proof = judge(authored, (await sandbox.run(job, signal)) ?? [])
    void events.emit('question.run', { proof })
    return proof
  }
  return { prove, [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose]() }
}
