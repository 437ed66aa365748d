/**
 * `bun run bench [--only=<row>,…] [--rounds=<n>] [--program=<path>]`: measures the server against the limit, in one
 * run, and prints tables in Markdown. Rows: quota, fresh, claim, history, webhook, large, flight, start, postgres.
 */
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { startModel } from '../support/model.ts'
import type { Result } from './duel.ts'
import { againstTheClient } from './postgres.ts'
import { againstSmall, againstTheLimit, type Plan } from './rows.ts'
import { type Fact, inFlight, starting } from './single.ts'
import { requireWrk } from './wrk.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    /** Another copy of src/main.ts, to compare. */
    program: { type: 'string' },
  },
})

const print = (line: string) => process.stdout.write(`${line}\n`)

try {
  requireWrk()
  await using model = startModel()
  const wants = (name: string) => values.only === undefined || values.only.split(',').includes(name)
  await measure({ rounds: Number(values.rounds), model, program: values.program, wants })
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}

async function measure(plan: Plan) {
  print(`${cpus()[0]?.model.trim()}, ${cpus().length} cores, Bun ${Bun.version}, ${plan.rounds} rounds`)
  const duels = [
    { run: againstTheLimit, sides: ['server', 'limit'] },
    { run: againstSmall, sides: ['large database', 'small database'] },
    { run: againstTheClient, sides: ['server', 'bare client'] },
  ] as const
  for (const { run, sides } of duels) {
    let heading = headingOf(sides)
    await run(plan, (result) => {
      if (heading) print(heading)
      heading = ''
      print(lineOf(result))
    })
  }
  const facts = [...(await inFlight(plan)), ...(await starting(plan))]
  if (facts.length > 0) print('\n| | Measured | Reach |\n| --- | --- | --- |')
  for (const fact of facts) print(factOf(fact))
}

function headingOf([first, second]: readonly [string, string]): string {
  const cells = [
    'Work',
    first,
    second,
    'ratio',
    'reach',
    `${first}: p50, p99`,
    `${second}: p50, p99`,
    'CPU, µs a request',
  ]
  return `\n| ${cells.join(' | ')} |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |`
}

function lineOf({ work, ours, limit, ratio, reach }: Result): string {
  const rate = ({ perSecond }: Result['ours']) => `${Math.round(perSecond)}/s`
  const times = ({ p50, p99 }: Result['ours']) => `${p50.toFixed(2)}, ${p99.toFixed(2)} ms`
  const cpu = `${ours.cpuMicros.toFixed(0)} : ${limit.cpuMicros.toFixed(0)}`
  const reached = [ratio.toFixed(2), reach?.toFixed(2) ?? '']
  return `| ${[work, rate(ours), rate(limit), ...reached, times(ours), times(limit), cpu].join(' | ')} |`
}

function factOf({ what, ours, reach }: Fact): string {
  return `| ${what} | ${ours} | ${reach} |`
}
