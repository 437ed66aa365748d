import { type QuotaPolicy, setRemaining } from '../../credits.ts'
import { problems } from '../../problem.ts'
import { type Topic, topicIds } from '../../topics.ts'
import { beforeFirst } from '../records.ts'
import type { Store } from '../store.ts'
import { createCatalogue } from './catalogue.ts'
import { claim, refreshQuota } from './claim.ts'
import type { Session } from './connections.ts'
import { enterLibraries } from './entering.ts'
import { ReadOnly } from './errors.ts'
import { importRows } from './import.ts'
import { openPostgres, type PostgresOptions, retryConflicts } from './opening.ts'
import { prepareAssignReady, readHistory, readReadOnly } from './plain.ts'
import { createReads } from './reads.ts'
import { recordAnswer, recordReport } from './records.ts'
import { createRefusals } from './refusals.ts'
import { createSuspects } from './suspects.ts'
import { transact } from './transaction.ts'
import { createTurns } from './turns.ts'

/**
 * Creates a store on a PostgreSQL database, which any number of processes may share. A claim locks the user's quota
 * first, so that claims of one user run one after another and claims of different users never wait for each other.
 * @throws Error with one sentence for the operator if the database cannot be used
 */
export async function createPostgresStore(
  options: PostgresOptions & { policy: QuotaPolicy; topics?: readonly Topic[] | undefined },
): Promise<Store> {
  const { policy, timeoutMs, topics = topicIds } = options
  const supplies = { offered: topics, assignReady: prepareAssignReady(topics) }
  const connections = await openPostgres(options)
  const readInGroup = createReads(connections)
  const inTurn = createTurns()
  const read = <T>(work: (session: Session) => Promise<T>) =>
    retryConflicts((deadline) => readInGroup(deadline, work), timeoutMs)
  const write = <T>(work: (session: Session) => Promise<T>) =>
    retryConflicts((deadline) => transact(connections, deadline, work), timeoutMs)
  const shareRefusals = createRefusals(policy)
  /** Runs a user's writes one after another. Otherwise a user whose quota is locked could occupy every connection. */
  const runInTurn = <T>(userId: string, work: (deadline: number) => Promise<T>) =>
    retryConflicts((deadline) => inTurn(userId, deadline, () => work(deadline)), timeoutMs)
  const writeInTurn = <T>(userId: string, work: (session: Session) => Promise<T>) =>
    runInTurn(userId, (deadline) => transact(connections, deadline, work))
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
          return findRefusal() ?? transact(connections, deadline, work)
        }),
      ),
    addReady: (question, now) =>
      write(async ({ run }) => {
        const row = { ...question, state: 'ready', dateCreated: now }
        return (await run.addQuestion.execute(row)).length > 0
      }),
    countReady: () => read(({ run }) => run.countReady.execute()),
    countLibraries: () => read(({ run }) => run.countLibraries.execute()),
    recentQuestions: (topic) => read(({ run }) => run.recentQuestions.execute({ topic })),
    history: (request) => read(({ sql }) => readHistory(sql, request)),
    async findChallenge(userId, id) {
      const [challenge] = await read(({ run }) => run.findChallenge.execute({ userId, id }))
      return challenge
    },
    answer: (request) => writeInTurn(request.userId, ({ run }) => recordAnswer(run, request)),
    report: (request) => writeInTurn(request.userId, ({ run }) => recordReport(run, request)),
    listAnswers: ({ userId, after = beforeFirst, limit }) =>
      read(({ run }) => run.listAnswers.execute({ userId, ...after, limit })),
    ...createSuspects(read, write),
    ...createCatalogue(read),
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
