import type { EventBus } from '../events.ts'
import { problems } from '../problem.ts'
import type { Challenge } from '../question.ts'
import type { AnswerRequest, ListedAnswer, ReportRequest } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { Suspected } from '../store/suspects.ts'
import { createProgress } from './progress.ts'

/** The number of answers that one read returns, so that a long list does not hold up other requests. */
const pageSize = 5000

type Parts = {
  store: Pick<Store, 'answer' | 'report' | 'listAnswers' | 'openQuota'>
  events: EventBus
  /** Epoch milliseconds. */
  now: () => number
}

type Answer = Omit<AnswerRequest, 'now'>
type Report = Omit<ReportRequest, 'now' | 'comment'> & { comment?: string | undefined }

/** A challenge with the learner's answer. */
type Answered = Challenge & { answerId: number; answeredAt: number }

export type AnswerService = ReturnType<typeof createAnswerService>

/** Takes answers and reports, and summarises a learner's progress. */
export function createAnswerService({ store, events, now }: Parts) {
  async function* readAnswers(userId: string): AsyncGenerator<ListedAnswer[]> {
    let after: ListedAnswer | undefined
    for (;;) {
      const page = await store.listAnswers({ userId, after, limit: pageSize })
      yield page
      after = page.at(-1)
      if (page.length < pageSize) return
    }
  }

  function emitSuspected(questionId: number, suspected: Suspected | undefined) {
    if (!suspected) return
    const { difficulty, topic, suspicion: reason } = suspected
    void events.emit('question.suspected', { questionId, difficulty, topic, reason })
  }

  return {
    /**
     * Answers a challenge unless it is answered; returns it with the answer that counts.
     * @throws Problem `not_found`, or `already_answered` if another answer counts
     */
    async answer({ userId, challengeId, answerId }: Answer): Promise<Answered> {
      const recorded = await store.answer({ userId, challengeId, answerId, now: now() })
      if (!recorded) throw problems.challengeNotFound()
      const { questionId } = recorded
      const challenge = recorded.challenge as Answered
      if (questionId !== undefined) {
        const { difficulty, topic } = challenge
        const correct = answerId === challenge.correctAnswerId
        void events.emit('challenge.answered', { difficulty, topic, correct })
        emitSuspected(questionId, recorded.suspected)
      }
      if (challenge.answerId !== answerId) throw problems.alreadyAnswered(challenge.answerId)
      return challenge
    },

    /** @throws Problem `not_found` unless the user has the challenge */
    async report(report: Report) {
      const reported = await store.report({ ...report, comment: report.comment ?? null, now: now() })
      if (!reported) throw problems.challengeNotFound()
      if (reported.first) void events.emit('challenge.reported', { reason: report.reason })
      emitSuspected(reported.questionId, reported.suspected)
    },

    async summarise(userId: string, timeZone: string) {
      const progress = createProgress(timeZone, now())
      for await (const page of readAnswers(userId)) page.forEach(progress.add)
      const summary = progress.summarise()
      // A user's first request opens the quota. A user with answers has one: a claim opened it.
      if (summary.answered === 0) await store.openQuota(userId, now())
      return summary
    },
  }
}
