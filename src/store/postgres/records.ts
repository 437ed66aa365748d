import type { AnswerRequest, Reported, ReportRequest } from '../records.ts'
import type { Statements } from './statements.ts'

// The caller opens the transaction. An update waits for a concurrent one of the same row, and then finds its result.

export async function recordAnswer(run: Statements, request: AnswerRequest) {
  const { userId, challengeId, answerId } = request
  const [answered] = await run.setAnswer.execute(request)
  if (answered) await run.countAnswer.execute({ ...answered, answerId })
  const [challenge] = await run.findChallenge.execute({ userId, id: challengeId })
  return challenge && { challenge, ...answered }
}

export async function recordReport(run: Statements, request: ReportRequest): Promise<Reported | undefined> {
  const [first] = await run.setFirstReport.execute(request)
  if (first) await run.countReport.execute(first)
  const [reported] = first ? [first] : await run.replaceReport.execute(request)
  return reported && { ...reported, first: first !== undefined }
}
