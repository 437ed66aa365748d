import { toJob } from '../../src/authoring/run/job.ts'
import { judge } from '../../src/authoring/run/judge.ts'
import { createSandbox } from '../../src/authoring/run/sandbox.ts'
import type { Proof } from '../../src/question.ts'

/** A sandbox whose time limits a busy machine does not reach. */
export const createPatientSandbox = () => createSandbox({ runMs: 30_000, killMs: 60_000, startMs: 60_000 })

type Asked = {
  question?: string
  code: string | null
  prints?: boolean
  language?: string
  answer: string
  distractors: string[]
}

/**
 * What running the code says of the key, and of each distractor if it were the key. The code is run once.
 */
export async function proveEach(sandbox: ReturnType<typeof createSandbox>, asked: Asked): Promise<Proof[]> {
  const { question = 'What does this code print?', code, prints = true, language = 'javascript' } = asked
  const options = [asked.answer, ...asked.distractors]
  const authored = { question, code, prints, explanation: 'Because.' }
  const questions = options.map((answer) => {
    const others = options.filter((option) => option !== answer)
    return { ...authored, answer, distractors: others.map((text) => ({ text, misconception: null })) }
  })
  const [first] = questions
  const job = first && toJob(first, language)
  const outcomes = job ? await sandbox.run(job, new AbortController().signal) : undefined
  return questions.map((one) => judge(one, outcomes ?? []))
}
