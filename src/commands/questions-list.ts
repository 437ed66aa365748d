import type { Store } from '../store/store.ts'
import type { FiguresRow } from '../store/suspects.ts'
import { createProgress } from './progress.ts'
import { toJson, writeOut } from './questions-export.ts'
import { countAnswers, measureDiscrimination, toShareRight, toVotes } from './questions-figures.ts'
import { type Group, groups, type Listed, toBlock, toHeading } from './questions-table.ts'

/** The number of rows of one read. */
const pageSize = 2000
/** The maximum number of questions of the groups `reported` and `worst`, and of each group of the table. */
const maxListed = 20
/** A question with fewer answers is not among the worst: chance decides its share of right answers. */
const minAnswers = 8
/** The maximum numbers of reports and answers that are read for one question. */
const maxReports = 100
const maxSampled = 100

type Reads = Pick<Store, 'listFigures' | 'findQuestion' | 'listReports' | 'sampleAnswers'>

/** Prints the questions that need the operator, as a table or as lines of JSON. */
export async function listQuestions(store: Reads, json: boolean) {
  const found = await findListed(store)
  for (const group of groups) {
    const rows = found[group]
    const shown = json ? rows : rows.slice(0, maxListed)
    if (!json) await writeOut(toHeading(group, rows.length, shown.length))
    for (const row of shown) {
      const listed = await readListed(store, row)
      if (listed) await writeOut(json ? `${JSON.stringify(toLine(group, listed))}\n` : toBlock(listed))
    }
  }
}

/** Finds the questions of each group in one pass over the figures of all questions. */
async function findListed(store: Reads): Promise<Record<Group, FiguresRow[]>> {
  const found: Record<Group, FiguresRow[]> = { suspected: [], retired: [], reported: [], worst: [] }
  using progress = createProgress()
  let read = 0
  for (let after = 0; ; ) {
    const page = await store.listFigures({ after, limit: pageSize })
    read += page.length
    progress.show(`${read} questions read`)
    for (const row of page) {
      const group = findGroup(row)
      if (group) found[group].push(row)
    }
    found.reported.sort((a, b) => b.reports - a.reports)
    found.worst.sort((a, b) => toShareRight(a) - toShareRight(b) || countAnswers(b) - countAnswers(a))
    for (const group of ['reported', 'worst'] as const) found[group].splice(maxListed)
    after = page.at(-1)?.id ?? 0
    if (page.length < pageSize) break
  }
  // The latest first.
  found.retired.reverse()
  return found
}

/** Finds the reason to list a question. Figures do not list a question that the operator decided to keep. */
function findGroup(row: FiguresRow): Group | undefined {
  const { state, kept, reports } = row
  if (state === 'suspected' || state === 'retired') return state
  if (kept) return undefined
  if (reports > 0) return 'reported'
  return countAnswers(row) >= minAnswers ? 'worst' : undefined
}

async function readListed(store: Reads, row: FiguresRow): Promise<Listed | undefined> {
  const question = await store.findQuestion(row.id)
  if (!question) return undefined
  const reportList = row.reports > 0 ? await store.listReports(row.id, maxReports) : []
  const discrimination = measureDiscrimination(await store.sampleAnswers(row.id, maxSampled))
  return { row, question, reportList, discrimination }
}

function toLine(listed: Group, { row, question, reportList, discrimination }: Listed) {
  const votes = toVotes(row)
  return {
    listed,
    state: row.state,
    kept: row.kept,
    ...toJson(question),
    votes,
    share_right: countAnswers(row) > 0 ? toShareRight(row) : null,
    discrimination,
    reports: row.reports,
    report_list: reportList.map(({ reason, comment, reportedAt }) => ({
      ...{ reason, comment },
      reported_at: new Date(reportedAt).toISOString(),
    })),
  }
}
