import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { startModel } from '../tests/support/model.ts'
import { measureCheck } from './check.ts'
import { compareCheckouts, findRoots, toCommands } from './checkouts.ts'
import type { Result } from './comparison.ts'
import { compareExecutables, measureExecutable } from './executable.ts'
import { measureInFlight } from './flight.ts'
import { compareGenerations, measureGenerations } from './generation.ts'
import { compareLibraries } from './library.ts'
import { compareMemory, measureMemory } from './memory.ts'
import { againstClient } from './postgres.ts'
import { measureProgress } from './progress.ts'
import { againstBaseline, againstSmall, type Plan } from './rows.ts'
import { compareStarts, measureStarts } from './starts.ts'
import { comparisonHeading, comparisonLine, type Fact, factHeading, factLine } from './tables.ts'
import { requireWrk } from './wrk.ts'

const rows = [
  ...['quota', 'fresh', 'history', 'answer', 'claim', 'webhook', 'large', 'library', 'postgres'],
  ...['progress', 'generation', 'flight', 'memory', 'start', 'executable', 'check'],
]
/** It takes longer than all other rows together. */
const onlyIfNamed = 'check'

const usage = `Usage: bun run bench [--only=<row>,…] [--rounds=<n>] [--against=<folder>]

Measures the server against the baseline, and prints tables in Markdown.

--only     some of the rows: ${rows.slice(0, 9).join(', ')},
           ${rows.slice(9).join(', ')}; without --only all but ${onlyIfNamed}
--rounds   the number of rounds (5); more rounds, less noise
--against  compares this checkout with the one in another folder: quota, fresh, history, claim, webhook, postgres,
           generation, memory, start, executable`

const print = (line: string) => process.stdout.write(`${line}\n`)

try {
  const { help, ...values } = readOptions()
  if (help) {
    print(usage)
    process.exit()
  }
  requireWrk()
  await using model = startModel()
  const names = values.only?.split(',') ?? rows.filter((row) => row !== onlyIfNamed)
  const unknown = names.filter((name) => !rows.includes(name))
  if (unknown.length > 0) throw new Error(`There is no row ${unknown.join(', ')}.\n\n${usage}`)
  const wants = (name: string) => names.includes(name)
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
  await compareLibraries(plan, table(['server on a million', 'other side']))
  await againstClient(plan, table(['server', 'bare client']))
  printFacts([
    ...(await measureProgress(plan)),
    ...(await measureGenerations(plan)),
    ...(await measureInFlight(plan)),
    ...(await measureMemory(plan)),
    ...(await measureStarts(plan)),
    ...(await measureExecutable(plan)),
    ...(await measureCheck(plan)),
  ])
}

async function measureCheckouts(plan: Plan, folder: string) {
  const roots = findRoots(folder)
  const commands = toCommands(roots)
  await compareCheckouts(plan, commands, table(['this checkout', 'the other']))
  printFacts([
    ...(await compareGenerations(plan, commands)),
    ...(await compareMemory(plan, commands)),
    ...(await compareStarts(plan, commands)),
    ...(await compareExecutables(plan, roots)),
  ])
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

function printFacts(facts: Fact[]) {
  if (facts.length > 0) print(factHeading)
  for (const fact of facts) print(factLine(fact))
}
