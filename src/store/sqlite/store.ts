import { drizzle } from 'drizzle-orm/bun-sqlite'
import { type Quota, type QuotaPolicy, setRemaining } from '../../quota.ts'
import { defaultTimings } from '../../timings.ts'
import { type Topic, topicIds } from '../../topics.ts'
import { createRecentReader } from '../recent.ts'
import { createSoundness, type ReportDamage, readSound } from '../soundness.ts'
import type { Store } from '../store.ts'
import { createCatalogue } from './catalogue.ts'
import { claim, refreshQuota } from './claim.ts'
import { createSpaceCheck } from './disk-space.ts'
import { createFileCheck } from './file-check.ts'
import { createGroupCommit } from './group-commit.ts'
import { createGroupRead } from './group-read.ts'
import { importRows } from './import.ts'
import { type OpeningOptions, openSqliteFile } from './opening.ts'
import { prepareAnswerList, prepareHistory } from './plain-sql.ts'
import { findChallenge, recordAnswer, recordReport } from './records.ts'
import { prepareStatements, type Statements } from './statements.ts'
import { createSuspects } from './suspects.ts'

type Options = OpeningOptions & {
  path: string
  policy: QuotaPolicy
  /** The topics that the server offers. */
  topics?: readonly Topic[] | undefined
  /** Called for each damaged row that a method leaves out. */
  onDamaged?: ReportDamage | undefined
}

/**
 * Creates a store on a SQLite file, which several processes may share. Transactions are synchronous, because an
 * asynchronous one would commit at its first `await`. Concurrent writes share a transaction; so do concurrent reads.
 * @throws Error with one sentence for the operator if the file cannot be used
 */
export function createSqliteStore(options: Options): Store {
  const { path, policy, lockMs = defaultTimings.lockMs, topics = topicIds } = options
  const sound = createSoundness(options.onDamaged ?? (() => undefined))
  const file = openSqliteFile(path, options)
  const db = drizzle({ client: file })
  const run = prepareStatements(db, topics)
  const readHistory = prepareHistory(file)
  const readAnswers = prepareAnswerList(file)
  const { assertFiles, prepareClose } = createFileCheck(file, path)
  const assertSpace = createSpaceCheck(file, path)
  const assertWritable = () => {
    assertFiles()
    assertSpace()
  }
  const write = createGroupCommit(file, assertWritable, lockMs)
  const { read, readAlone } = createGroupRead(file, assertFiles, lockMs)
  const refresh = (userId: string, now: number) => write(() => refreshQuota(run, policy, userId, now))

  return {
    refreshQuota: async (userId, now) =>
      (await read(() => currentQuota(run, policy, userId, now))) ?? refresh(userId, now),
    async openQuota(userId, now) {
      const stored = await read(() => run.quota.get({ userId }))
      if (!stored) await refresh(userId, now)
    },
    findQuota: (userId) =>
      read(() => {
        const stored = run.quota.get({ userId })
        return stored && { ...stored, userId }
      }),
    setCredits: (userId, remaining, now) =>
      write(() => {
        if (!run.quota.get({ userId })) return undefined
        const quota = setRemaining(refreshQuota(run, policy, userId, now), remaining)
        run.setQuota.run(quota)
        return quota
      }),
    eraseUser: (userId) =>
      write(() => {
        run.eraseAssignments.run({ userId })
        run.eraseWalks.run({ userId })
        run.eraseQuota.run({ userId })
      }),
    claim: (request) => write(() => claim(run, policy, request, { sound, offered: topics })),
    hasKey: (userId, idempotencyKey) =>
      read(() => {
        const keyed = run.byKey.get({ userId, idempotencyKey })
        return keyed !== undefined && sound.isChallenge(keyed)
      }),
    addReady: (question, now) =>
      write(() => run.addQuestion.get({ ...question, state: 'ready', dateCreated: now }) !== undefined),
    countReady: () => read(() => run.countReady.all()),
    countLibraries: () => read(() => run.countLibraries.all()),
    recentQuestions: createRecentReader({
      read: (topic, range) =>
        read(() =>
          topic === null
            ? { known: run.countRecentOfNone.get(range), newer: run.listNewerOfNone.all(range) }
            : {
                known: run.countRecent.get({ topic, ...range }),
                newer: run.listNewer.all({ topic, ...range }),
              },
        ),
      sound,
    }),
    // Outside a batch: a batch of pages takes more memory and is slower (docs/performance.md).
    history: (request) => readSound(request, (page) => readAlone(() => readHistory(page)), sound.isChallenge),
    findChallenge: (userId, id) => read(() => findChallenge(run, sound, userId, id)),
    answer: (request) => write(() => recordAnswer(run, sound, request)),
    report: (request) => write(() => recordReport(run, sound, request)),
    listAnswers: (request) =>
      readSound(request, (page) => readAlone(() => readAnswers(page)), sound.isAnswer),
    ...createSuspects(run, read, write, sound),
    ...createCatalogue(db, readAlone, sound),
    importRows: (rows) =>
      write(() => {
        const counts = importRows(db, rows)
        run.enterLibraries()
        return counts
      }),
    ping: () =>
      read(() => {
        run.quota.get({ userId: '' })
      }),
    async close() {
      prepareClose()
      // With `true`, since a statement that is not finalised would keep the file open.
      file.close(true)
    },
  }
}

/** Returns the stored quota unless an opening or a refill is due at `now`. */
function currentQuota(run: Statements, policy: QuotaPolicy, userId: string, now: number): Quota | undefined {
  const stored = run.quota.get({ userId })
  return stored && policy.refill(stored, now) === stored ? { ...stored, userId } : undefined
}
