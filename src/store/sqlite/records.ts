import type { AnswerRequest, Reported, ReportRequest } from '../records.ts'
import type { Statements } from './statements.ts'

// The caller opens the transaction.

export function recordAnswer(run: Statements, request: AnswerRequest) {
  const { userId, challengeId, answerId } = request
  const answered = run.setAnswer.get(request)
  if (answered) run.countAnswer.run({ ...answered, answerId })
  const challenge = run.findChallenge.get({ userId, id: challengeId })
  return challenge && { challenge, ...answered }
}

export function recordReport(run: Statements, request: ReportRequest): Reported | undefined {
  const first = run.setFirstReport.get(request)
  if (first) run.countReport.run(first)
  const reported = first ?? run.replaceReport.get(request)
  return reported && { ...reported, first: first !== undefined }
}
