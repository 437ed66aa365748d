import type { Answered, AnswerRequest, Reported, ReportRequest } from '../records.ts'
import type { Statements } from './statements.ts'
import { checkSuspicion } from './suspects.ts'

// The caller opens the transaction.

export function recordAnswer(run: Statements, request: AnswerRequest): Answered | undefined {
  const { userId, challengeId, answerId } = request
  const answered = run.setAnswer.get(request)
  const figures = answered && run.countAnswer.get({ ...answered, answerId })
  const suspected = figures && checkSuspicion(run, figures)
  const challenge = run.findChallenge.get({ userId, id: challengeId })
  return challenge && { challenge, ...answered, ...(suspected && { suspected }) }
}

export function recordReport(run: Statements, request: ReportRequest): Reported | undefined {
  const first = run.setFirstReport.get(request)
  if (!first) {
    const replaced = run.replaceReport.get(request)
    return replaced && { ...replaced, first: false }
  }
  const figures = run.countReport.get(first)
  const suspected = figures && checkSuspicion(run, figures)
  return { ...first, first: true, ...(suspected && { suspected }) }
}
