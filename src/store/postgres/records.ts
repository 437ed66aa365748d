import type { Answered, AnswerRequest, Reported, ReportRequest } from '../records.ts'
import type { Statements } from './statements.ts'
import { checkSuspicion } from './suspects.ts'

// The caller opens the transaction. An update waits for a concurrent one of the same row, and then finds its result.

export async function recordAnswer(run: Statements, request: AnswerRequest): Promise<Answered | undefined> {
  const { userId, challengeId, answerId } = request
  const [answered] = await run.setAnswer.execute(request)
  const [figures] = answered ? await run.countAnswer.execute({ ...answered, answerId }) : []
  const suspected = figures && (await checkSuspicion(run, figures))
  const [challenge] = await run.findChallenge.execute({ userId, id: challengeId })
  return challenge && { challenge, ...answered, ...(suspected && { suspected }) }
}

export async function recordReport(run: Statements, request: ReportRequest): Promise<Reported | undefined> {
  const [first] = await run.setFirstReport.execute(request)
  if (!first) {
    const [replaced] = await run.replaceReport.execute(request)
    return replaced && { ...replaced, first: false }
  }
  const [figures] = await run.countReport.execute(first)
  const suspected = figures && (await checkSuspicion(run, figures))
  return { ...first, first: true, ...(suspected && { suspected }) }
}
