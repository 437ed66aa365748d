import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Expected, Program } from './bank-checks.ts'
import { runInPostgres, runInSqlite } from './bank-sql.ts'
import { compileAll, type Outcome, runAllInJava, runProgram } from './bank-tools.ts'
import { diskFolder } from './folder.ts'
import { startPostgres } from './postgres.ts'

/** The number of programs that run at once. */
const width = 2

/** Runs the programs of one tool, and returns those that disprove their entry, with what came of them. */
export async function disproving(tool: string, programs: readonly Program[]) {
  using folder = diskFolder()
  const outcomes = await runAll(tool, programs, folder.path)
  return programs.flatMap((program, at) => {
    const outcome = outcomes[at] as Outcome
    return meets(outcome, program.expected) === program.holds ? [] : [{ ...program, outcome }]
  })
}

function meets({ ok, printed, messages }: Outcome, { prints, fails }: Expected): boolean {
  if (prints !== undefined) return ok && printed === prints
  return fails === undefined ? ok : !ok && messages.includes(fails)
}

async function runAll(tool: string, programs: readonly Program[], folder: string): Promise<Outcome[]> {
  if (tool === 'tsc') return compileAll(programs, folder)
  if (tool === 'java') return runAllInJava(programs, folder)
  if (tool === 'sql') return programs.map(({ source }) => runInSqlite(source))
  if (tool === 'postgres') return runAllInPostgres(programs)
  return inTurns(programs, (program, at) => {
    const own = join(folder, String(at))
    mkdirSync(own)
    return runProgram(program, own)
  })
}

async function runAllInPostgres(programs: readonly Program[]): Promise<Outcome[]> {
  await using postgres = await startPostgres()
  const url = postgres.url('postgres')
  return await inTurns(programs, ({ source }) => runInPostgres(source, url))
}

/** Does the work for each item, for a bounded number of items at once. */
async function inTurns<T, R>(items: readonly T[], work: (item: T, at: number) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const waiting = items.entries()
  const worker = async () => {
    for (const [at, item] of waiting) results[at] = await work(item, at)
  }
  await Promise.all(Array.from({ length: width }, worker))
  return results
}
