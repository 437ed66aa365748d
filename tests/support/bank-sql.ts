import { Database } from 'bun:sqlite'
import { SQL } from 'bun'
import type { Outcome } from './bank-tools.ts'

/** The statements of a program; a semicolon at the end of a line ends one. */
const statementsOf = (program: string) =>
  program.split(/;[ \t]*(?:\/\*.*\*\/)?[ \t]*(?:\n|$)/).filter((text) => text.trim())

const toLine = (row: readonly unknown[]) => row.map((value) => String(value ?? 'NULL')).join('|')

const toOutcome = (lines: readonly string[]): Outcome => ({
  ok: !lines.some((line) => line.startsWith('error')),
  printed: lines.join('\n'),
  messages: lines.join('\n'),
})

/** Runs statements in a new SQLite database. A row is a line, and a statement that fails prints its error. */
export function runInSqlite(program: string): Outcome {
  using database = new Database(':memory:')
  const lines = statementsOf(program).flatMap((statement) => {
    try {
      return database.prepare(statement).values().map(toLine)
    } catch (error) {
      return [`error: ${(error as Error).message}`]
    }
  })
  return toOutcome(lines)
}

/**
 * Runs statements in a new schema of a PostgreSQL database, as `runInSqlite` does. A statement that starts with the
 * comment `A` or `B` runs in a session of that name. The next statement follows when it has ended or waits for a lock.
 */
export async function runInPostgres(program: string, url: string): Promise<Outcome> {
  await using watcher = new SQL(url, { max: 1 })
  const schema = `run_${crypto.randomUUID().replaceAll('-', '')}`
  await watcher.unsafe(`CREATE SCHEMA ${schema}`)
  const sessions = new Map<string, Awaited<ReturnType<typeof openSession>>>()
  const lines: string[][] = []

  for (const [at, statement] of statementsOf(program).entries()) {
    const [, name = ''] = /^\s*\/\* ([A-Z]) \*\//.exec(statement) ?? []
    const session = sessions.get(name) ?? (await openSession(url, schema))
    sessions.set(name, session)
    const run = { ended: false }
    session.last = session.last.then(async () => {
      lines[at] = await linesOf(session.client, statement)
      run.ended = true
    })
    await untilEndOrLock(watcher, session.process, run)
  }
  for (const { client, last } of sessions.values()) {
    await last
    await client.close()
  }
  return toOutcome(lines.flat())
}

async function openSession(url: string, schema: string) {
  const client = new SQL(url, { max: 1 })
  await client.unsafe(`SET search_path TO ${schema}`)
  const [{ process }] = await client`SELECT pg_backend_pid() AS process`
  return { client, process: Number(process), last: Promise.resolve() }
}

async function linesOf(client: SQL, statement: string): Promise<string[]> {
  try {
    const rows: unknown[][] = await client.unsafe(statement).values()
    return rows.map(toLine)
  } catch (error) {
    return [`error: ${(error as Error).message}`]
  }
}

/** Waits until the run has ended, or its server process waits for a lock of another. */
async function untilEndOrLock(watcher: SQL, process: number, run: { ended: boolean }) {
  while (!run.ended) {
    const [{ blocked }] = await watcher`SELECT cardinality(pg_blocking_pids(${process})) > 0 AS blocked`
    if (blocked) return
  }
}
