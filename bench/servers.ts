import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../tests/support/async.ts'
import { keys, origin, webhookSecret } from '../tests/support/clerk.ts'
import { main } from '../tests/support/process.ts'
import { freePort } from '../tests/support/tcp-path.ts'

export type BenchServer = Awaited<ReturnType<typeof start>>

/** The credits of a new user: the maximum that the server accepts, so that no round uses them up. */
export const manyCredits = 1_000_000

/** The command that runs a program with Bun. */
export const toCommand = (program: string) => [process.execPath, program]

export type ServerOptions = {
  /** The path of the log file. */
  log: string
  /** A `DATABASE_URL`. */
  database: string
  modelUrl: string
  /** The command to start; by default Bun with this checkout's `src/main.ts`. */
  command?: string[]
  env?: Record<string, string>
}

/** Starts the server in production mode with log level `info`. */
export function startServer({ log, database, modelUrl, command = toCommand(main), env }: ServerOptions) {
  return start(command, log, {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    DATABASE_URL: database,
    JWT_KEY: keys.pem,
    ALLOWED_ORIGINS: origin,
    CLERK_WEBHOOK_SECRET: webhookSecret,
    OPENAI_BASE_URL: modelUrl,
    OPENAI_MODEL: 'test',
    // The benchmark fills the pool, and measures claims from it; the blind review would be a second call of the model.
    POOL_SIZE: '0',
    LIBRARY_SIZE: '0',
    REVIEW: 'off',
    QUOTA_INITIAL: String(manyCredits),
    LOG_LEVEL: 'info',
    BUN_CONFIG_MAX_HTTP_REQUESTS: '2000',
    ...env,
  })
}

type BaselineOptions = { program?: string; librarySize?: number }

/** Starts the baseline on SQLite (`database` is a path) or on PostgreSQL (`database` is a URL). */
export function startBaseline(folder: string, database: string, options: BaselineOptions = {}) {
  const { program = 'baseline.ts', librarySize = 0 } = options
  return start(toCommand(join(import.meta.dir, program)), `${folder}/baseline.log`, {
    NODE_ENV: 'production',
    DATABASE: database,
    JWT_KEY: keys.pem,
    ORIGIN: origin,
    WEBHOOK_SECRET: webhookSecret,
    LIBRARY_SIZE: String(librarySize),
  })
}

/** Starts a server and waits for its first answer. Disposing the result ends the process. */
async function start(command: string[], log: string, env: Record<string, string>) {
  const port = freePort()
  const url = `http://127.0.0.1:${port}`
  const begin = performance.now()
  const child = Bun.spawn(command, {
    env: { PATH: process.env.PATH, ...env, PORT: String(port) },
    cwd: import.meta.dir,
    stdin: 'ignore',
    stdout: Bun.file(log),
    stderr: 'inherit',
  })
  const answers = async () => {
    if (child.exitCode !== null) throw new Error(`${command.join(' ')} ended with ${child.exitCode}.`)
    return (await fetch(`${url}/health`).catch(() => undefined))?.ok
  }
  await until(answers, 'the first answer')
  return {
    url,
    /** The time from the start of the process to its first answer. */
    startMs: performance.now() - begin,
    /** The current resident set of the process, in megabytes. */
    megabytes: () => Number(Bun.spawnSync(['ps', '-o', 'rss=', '-p', String(child.pid)]).stdout) / 1024,
    /** The processor time of the process so far, in milliseconds; `NaN` outside Linux. */
    cpuMs: () => cpuTime(child.pid),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await child.exited
    },
  }
}

/** Adds `utime` and `stime` (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html), hundredths of a second. */
function cpuTime(pid: number): number {
  const path = `/proc/${pid}/stat`
  if (!existsSync(path)) return Number.NaN
  const fields = readFileSync(path, 'utf8').split(') ')[1]?.split(' ') ?? []
  return 10 * (Number(fields[11]) + Number(fields[12]))
}
