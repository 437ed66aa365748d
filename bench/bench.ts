import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { startModel } from '../tests/support/model.ts'
import { compareCheckouts, compareStarts } from './checkouts.ts'
import type { Result } from './comparison.ts'
import { againstClient } from './postgres.ts'
import { againstBaseline, againstSmall, type Plan } from './rows.ts'
import { measureInFlight, measureStarts } from './single.ts'
import { comparisonHeading, comparisonLine, factHeading, factLine } from './tables.ts'
import { requireWrk } from './wrk.ts'

const usage = `Usage: bun run bench [--only=<row>,…] [--rounds=<n>] [--against=<folder>]

Measures the server against the baseline, and prints tables in Markdown.

--only     some of the rows: quota, fresh, claim, history, webhook, large, flight, start, postgres
--rounds   the number of rounds (5); more rounds, less noise
--against  compares this checkout with the one in another folder: quota, fresh, claim, history, webhook, start, postgres`

const print = (line: string) => process.stdout.write(`${line}\n`)

try {
  const { help, ...values } = readOptions()
  if (help) {
    print(usage)
    process.exit()
  }
  requireWrk()
  await using model = startModel()
  const wants = (name: string) => values.only === undefined || values.only.split(',').includes(name)
  const plan = { rounds: Number(values.rounds), model, wants }
  print(`${cpus()[0]?.model.trim()}, ${cpus().length} cores, Bun ${Bun.version}, ${plan.rounds} rounds`)
  await (values.against === undefined ? measure(plan) : measureCheckouts(plan, values.against))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exit(1)
}

/** @throws Error with the usage for words that are not understood */
function readOptions() {
  const args = process.argv.slice(2).map((word) => (word === 'help' ? '--help' : word))
  try {
    const options = {
      only: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      against: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    } as const
    return parseArgs({ args, options }).values
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}.\n\n${usage}`)
  }
}

async function measure(plan: Plan) {
  await againstBaseline(plan, table(['server', 'baseline']))
  await againstSmall(plan, table(['large database', 'small database']))
  await againstClient(plan, table(['server', 'bare client']))
  printFacts([...(await measureInFlight(plan)), ...(await measureStarts(plan))])
}

async function measureCheckouts(plan: Plan, folder: string) {
  await compareCheckouts(plan, folder, table(['this checkout', 'the other']))
  printFacts(await compareStarts(plan, folder))
}

/** Prints each result as a line of one table. Prints the heading before the first line. */
function table(sides: readonly [string, string]) {
  let heading = comparisonHeading(sides)
  return (result: Result) => {
    if (heading) print(heading)
    heading = ''
    print(comparisonLine(result))
  }
}

function printFacts(facts: Awaited<ReturnType<typeof measureStarts>>) {
  if (facts.length > 0) print(factHeading)
  for (const fact of facts) print(factLine(fact))
}
