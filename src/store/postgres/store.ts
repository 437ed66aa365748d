import { problems } from '../../problem.ts'
import { type QuotaPolicy, setRemaining } from '../../quota.ts'
import { type Topic, topicIds } from '../../topics.ts'
import { createRecentReader } from '../recent.ts'
import { beforeFirst } from '../records.ts'
import { createSoundness, type ReportDamage, readSound } from '../soundness.ts'
import type { Store } from '../store.ts'
import { createCatalogue } from './catalogue.ts'
import { claim, refreshQuota } from './claim.ts'
import type { Session } from './connections.ts'
import { enterLibraries } from './entering.ts'
import { ReadOnly } from './errors.ts'
import { importRows } from './import.ts'
import { openPostgres, type PostgresOptions } from './opening.ts'
import { prepareAssignReady, readHistory } from './plain-sql.ts'
import { readReadOnly } from './probe.ts'
import { findChallenge, recordAnswer, recordReport } from './records.ts'
import { createRefusals } from './refusals.ts'
import { createRunners } from './runners.ts'
import { createSmallLibraries } from './small-libraries.ts'
import { createSuspects } from './suspects.ts'

/**
 * Creates a store on a PostgreSQL database, which any number of processes may share. A claim locks the user's quota
 * first, so that claims of one user run one after another and claims of different users never wait for each other.
 * @throws Error with one sentence for the operator if the database cannot be used
 */
export async function createPostgresStore(
  options: PostgresOptions & {
    policy: QuotaPolicy
    topics?: readonly Topic[] | undefined
    /** Called for each damaged row that a method leaves out. */
    onDamaged?: ReportDamage | undefined
  },
): Promise<Store> {
  const { policy, timeoutMs, topics = topicIds } = options
  const sound = createSoundness(options.onDamaged ?? (() => undefined))
  const assignReady = prepareAssignReady(policy, topics)
  const supplies = { sound, offered: topics, small: createSmallLibraries(), assignReady }
  const connections = await openPostgres(options)
  const { read, write, transact, runInTurn, writeInTurn } = createRunners(connections, timeoutMs, sound)
  const shareRefusals = createRefusals(policy)
  const refresh = (userId: string, now: number) =>
    writeInTurn(userId, ({ run }) => refreshQuota(run, policy, userId, now))
  return {
    async refreshQuota(userId, now) {
      const [stored] = await read(({ run }) => run.quota.execute({ userId }))
      if (stored && policy.refill(stored, now) === stored) return { ...stored, userId }
      return refresh(userId, now)
    },
    async openQuota(userId, now) {
      const [stored] = await read(({ run }) => run.quota.execute({ userId }))
      if (!stored) await refresh(userId, now)
    },
    async findQuota(userId) {
      const [stored] = await read(({ run }) => run.quota.execute({ userId }))
      return stored && { ...stored, userId }
    },
    setCredits: (userId, remaining, now) =>
      writeInTurn(userId, async ({ run }) => {
        const [stored] = await run.lockQuota.execute({ userId })
        if (!stored) return undefined
        const quota = setRemaining(await refreshQuota(run, policy, userId, now), remaining)
        await run.setQuota.execute(quota)
        return quota
      }),
    eraseUser: (userId) =>
      writeInTurn(userId, async ({ run }) => {
        // An in-flight first claim may hold an uncommitted quota row. Inserting the same key blocks until it commits, so
        // that the deletes below see its challenge.
        await run.openQuota.execute({ userId, remaining: 0, limit: 0, lastReset: 0 })
        await run.eraseQuota.execute({ userId })
        await run.eraseAssignments.execute({ userId })
        await run.eraseWalks.execute({ userId })
      }),
    claim: (request) =>
      shareRefusals(request, (findRefusal) =>
        runInTurn(request.userId, async (deadline) => {
          const work = (session: Session) => claim(session, policy, request, supplies)
          return findRefusal() ?? transact(deadline, work)
        }),
      ),
    async hasKey(userId, idempotencyKey) {
      const [keyed] = await read(({ run }) => run.byKey.execute({ userId, idempotencyKey }))
      return keyed !== undefined && sound.isChallenge(keyed)
    },
    addReady: (question, now) =>
      write(async ({ run }) => {
        const row = { ...question, state: 'ready', dateCreated: now }
        return (await run.addQuestion.execute(row)).length > 0
      }),
    countReady: () => read(({ run }) => run.countReady.execute()),
    countLibraries: () => read(({ run }) => run.countLibraries.execute()),
    recentQuestions: createRecentReader({
      read: (topic, range) =>
        read(async ({ run }) => {
          const [[known], newer] = await Promise.all(
            topic === null
              ? [run.countRecentOfNone.execute(range), run.listNewerOfNone.execute(range)]
              : [run.countRecent.execute({ topic, ...range }), run.listNewer.execute({ topic, ...range })],
          )
          return { known, newer }
        }),
      sound,
    }),
    history: (request) =>
      readSound(request, (page) => read(({ sql }) => readHistory(sql, page)), sound.isChallenge),
    findChallenge: (userId, id) => read(({ run }) => findChallenge(run, sound, userId, id)),
    answer: (request) => writeInTurn(request.userId, ({ run }) => recordAnswer(run, sound, request)),
    report: (request) => writeInTurn(request.userId, ({ run }) => recordReport(run, sound, request)),
    listAnswers: (request) =>
      readSound(
        request,
        ({ userId, after = beforeFirst, limit }) =>
          read(({ run }) => run.listAnswers.execute({ userId, ...after, limit })),
        sound.isAnswer,
      ),
    ...createSuspects(read, write, sound),
    ...createCatalogue(read, sound),
    importRows: (rows) =>
      write(async ({ db, sql }) => {
        const counts = await importRows(db, rows)
        await enterLibraries(sql)
        return counts
      }),
    async ping() {
      const readOnly = await read(({ sql }) => readReadOnly(sql))
      if (!readOnly) return
      connections.renew()
      throw problems.databaseUnavailable(new ReadOnly())
    },
    close: connections.close,
  }
}
