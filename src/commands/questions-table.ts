import type { Report, StoredQuestion } from '../store/catalogue.ts'
import type { FiguresRow } from '../store/suspects.ts'
import { countAnswers, toShareRight, toVotes } from './questions-figures.ts'

/** The headings of the groups in their order. A group is a reason to list a question. */
const titles = {
  suspected: 'Suspected',
  retired: 'Retired',
  reported: 'Reported by learners',
  worst: 'Worst by share of right answers',
}

export type Group = keyof typeof titles

export const groups = Object.keys(titles) as Group[]

/** A question with all that the list tells of it. */
export type Listed = {
  row: FiguresRow
  question: StoredQuestion
  reportList: Report[]
  /** `null` if there are too few answers to tell. */
  discrimination: number | null
}

/** The longest text of a line, in characters. */
const longest = 100

export function toHeading(group: Group, found: number, shown: number): string {
  const hidden = found > shown ? `, ${shown} shown: --json lists all` : ''
  return `${titles[group]}: ${found === 0 ? 'none' : found}${hidden}\n\n`
}

/** The lines of a question. A star marks the key. */
export function toBlock({ row, question, reportList, discrimination }: Listed): string {
  const votes = toVotes(row)
  const answered = countAnswers(row)
  const share =
    answered > 0 ? `${Math.round(100 * toShareRight(row))} % of ${answered} right` : 'not answered'
  const figure = discrimination === null ? 'unknown' : discrimination.toFixed(2)
  const width = Math.max(...votes.map((count) => String(count).length))
  const options = question.options.map((option, place) => {
    const mark = place === question.correctAnswerId ? '*' : ' '
    return `    ${mark} ${String(votes[place] ?? 0).padStart(width)}  ${cut(option)}`
  })
  const lines = [
    `  ${row.id}  ${row.difficulty}, ${row.topic ?? 'no topic'}, ${row.state}${row.kept ? ', kept' : ''}`,
    `    ${cut(question.title)}`,
    `    ${share}, discrimination ${figure}, reports ${row.reports}`,
    ...options,
    ...reportList.map(toReportLine),
  ]
  return `${lines.join('\n')}\n\n`
}

function toReportLine({ reason, comment }: Report): string {
  return `    ${reason}${comment === null ? '' : `: ${cut(comment)}`}`
}

/** A text on one line, without characters that control a terminal. */
function cut(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line
}
