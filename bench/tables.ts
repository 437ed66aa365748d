import { median, type Result, type Run } from './comparison.ts'

export type Fact = { what: string; measured: string; target: string }

/** The heading of a Markdown table of comparisons. */
export function comparisonHeading([first, second]: readonly [string, string]): string {
  const cells = [
    'Work',
    first,
    second,
    'ratio (lowest to highest)',
    'target',
    `${first}: p50, p99`,
    `${second}: p50, p99`,
    'CPU, µs a request',
  ]
  return `\n| ${cells.join(' | ')} |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |`
}

export function comparisonLine({ work, first, second, ratio, spread, target }: Result): string {
  const rate = ({ perSecond }: Run) => `${Math.round(perSecond)}/s`
  const times = ({ p50, p99 }: Run) => `${p50.toFixed(2)}, ${p99.toFixed(2)} ms`
  const cpu = `${first.cpuMicros.toFixed(0)} : ${second.cpuMicros.toFixed(0)}`
  const ratios = `${ratio.toFixed(2)} (${spread.map((one) => one.toFixed(2)).join(' to ')})`
  const cells = [
    work,
    rate(first),
    rate(second),
    ratios,
    target?.toFixed(2) ?? '',
    times(first),
    times(second),
  ]
  return `| ${[...cells, cpu].join(' | ')} |`
}

export const factHeading = '\n| | Measured | Target |\n| --- | --- | --- |'

export function factLine({ what, measured, target }: Fact): string {
  return `| ${what} | ${measured} | ${target} |`
}

/** The median of some values, and the lowest and the highest. */
export function showRange(values: number[], digits = 0): string {
  const [middle, lowest, highest] = [median(values), Math.min(...values), Math.max(...values)].map((value) =>
    value.toFixed(digits),
  )
  return `${middle} (${lowest} to ${highest})`
}
