import type { Accepted } from '../authoring/generate.ts'
import { chanceOfLongest, chanceOfMostAlike } from './quality-cues.ts'

/** The counts of the questions of one difficulty. */
export type Tally = ReturnType<typeof createTally>

export function createTally() {
  return {
    accepted: [] as Accepted[],
    /** Generations without a question. */
    failed: 0,
    /** Rejected questions by reason, and failed calls by fault. */
    rejects: {} as Record<string, number>,
    faults: {} as Record<string, number>,
    /** Answers by the response format that was asked for. */
    formats: {} as Record<string, number>,
    /** Answers of the model and their tokens. */
    answers: 0,
    input: 0,
    output: 0,
    seconds: 0,
  }
}

/** A table with a column for each tally. `reviewer` names the model that reviewed: "the same model" or another. */
export function toTable(headings: readonly string[], tallies: Tally[], reviewer: string): string {
  const reports = tallies.map((tally) => toReport(tally, reviewer))
  const names = new Set(groups.flatMap((group) => reports.flatMap((report) => Object.keys(report[group]))))
  const cell = (name: string, report: Report) =>
    groups.map((group) => report[group][name]).find((text) => text !== undefined) ?? '0'
  return format([
    ['', ...headings],
    ...[...names].map((name) => [name, ...reports.map((report) => cell(name, report))]),
  ])
}

const groups = ['outcomes', 'rejects', 'figures'] as const

type Report = Record<(typeof groups)[number], Record<string, string>>

/** The figures of a difficulty by name. A name of `rejects` that another difficulty lacks counts 0 there. */
function toReport({ accepted, failed, rejects, faults, formats, ...spent }: Tally, reviewer: string): Report {
  const rows = (label: string, counts: Record<string, number>) =>
    Object.fromEntries(Object.entries(counts).map(([name, times]) => [`${label}: ${name}`, `${times}`]))
  const questions = accepted.map(({ question }) => question)
  const share = (part: number, whole: number) => (whole > 0 ? `${Math.round((100 * part) / whole)} %` : '–')
  const shareChecked = (check: string) =>
    share(accepted.filter(({ checked }) => checked === check).length, accepted.length)
  const meanChance = (chances: number[]) =>
    share(
      chances.reduce((sum, chance) => sum + chance, 0),
      chances.length,
    )
  const perAccepted = (amount: number, digits: number) =>
    accepted.length > 0 ? (amount / accepted.length).toFixed(digits) : '–'
  const agreed = accepted.filter(({ checked }) => checked === 'reviewed').length
  return {
    outcomes: { accepted: `${accepted.length}`, 'given up after 3 attempts': `${failed}` },
    rejects: {
      ...rows('rejected', { repeat: 0, near_repeat: 0, ...rejects }),
      ...rows('call failed', faults),
      ...rows('answers read as', formats),
    },
    figures: {
      'key proven by running': shareChecked('proven'),
      [`key reviewed by ${reviewer}`]: shareChecked('reviewed'),
      'key unchecked': shareChecked('unchecked'),
      'reviewer agrees with author': share(agreed, agreed + (rejects.review ?? 0)),
      ...toPlaces(questions.map(({ correctAnswerId }) => correctAnswerId)),
      'right by the longest option': meanChance(questions.map(chanceOfLongest)),
      'right by the most alike option': meanChance(questions.map((question) => chanceOfMostAlike(question))),
      'model answers each': perAccepted(spent.answers, 1),
      'input tokens each': perAccepted(spent.input, 0),
      'output tokens each': perAccepted(spent.output, 0),
      'seconds each': perAccepted(spent.seconds, 1),
    },
  }
}

/** How often the key stands at each place, and whether chance explains it. */
function toPlaces(keys: number[]): Record<string, string> {
  const places = [0, 1, 2, 3].map((place) => keys.filter((key) => key === place).length)
  const expected = keys.length / 4
  const chiSquare = places.reduce((sum, found) => sum + (found - expected) ** 2 / expected, 0)
  return {
    'place of the key': places.join(' / '),
    'its χ² (16.3 at p = 0.001)': keys.length > 0 ? chiSquare.toFixed(1) : '–',
  }
}

function format(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: string[]) =>
    row
      .map((text, column) =>
        column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0),
      )
      .join('  ')
  return `${rows.map(line).join('\n')}\n`
}
