import { join } from 'node:path'
import { readLedger } from './ledger.ts'
import type { Model } from './model.ts'
import { clientOf, environment, modelVariables } from './server.ts'

/** The program, as `bun` is given it. */
export const main = join(import.meta.dir, '../../src/main.ts')

export type ProcessOptions = {
  /** The whole environment: nothing of the test's own gets through. */
  env: Record<string, string>
  cwd: string
  /** Words after the program's name; none means that it serves. */
  args?: string[]
  /** Runs the server inside of another command. */
  within?: string[]
}

/** A line of the log. */
export type LogLine = {
  level: string
  time: string
  msg: string
  port?: number
  method?: string
  path?: string
  status?: number
  ms?: number
  requestId?: string
  userId?: string
}

/** Starts the program and returns at once. */
export function spawn({ env, cwd, args = [], within = [] }: ProcessOptions) {
  const child = Bun.spawn([...within, process.execPath, main, ...args], {
    env,
    cwd,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const output = { stdout: '', stderr: '' }
  const read = async (name: keyof typeof output) => {
    for await (const text of child[name].pipeThrough(new TextDecoderStream())) output[name] += text
  }
  const ended = Promise.all([child.exited, read('stdout'), read('stderr')]).then(([code]) => code)
  return { child, output, ended }
}

/** Runs the program to its end, which must come within ten seconds. */
export async function runToEnd(options: ProcessOptions) {
  const { child, output, ended } = spawn(options)
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
  const exitCode = await ended
  clearTimeout(timer)
  return { ...output, exitCode, signal: child.signalCode }
}

/**
 * The server as a process of its own, up to the line that names its port. It is killed at the end of the block.
 * @throws Error with what it said on standard error if it ends before that.
 */
export async function startProcess(options: ProcessOptions) {
  const { child, output, ended } = spawn(options)
  const lines = () => output.stdout.trim().split('\n').filter(Boolean)
  const log = () => lines().map((line) => JSON.parse(line) as LogLine)
  const port = () =>
    output.stdout.includes('listening on') ? log().find((line) => line.port)?.port : undefined
  const early = ended.then((code) => Promise.reject(new Error(`It ended with ${code}: ${output.stderr}`)))
  early.catch(() => undefined)

  const listening = await Promise.race([until(port, 'the server listens', 60_000), early])
  return {
    ...clientOf(`http://127.0.0.1:${listening}`),
    port: listening,
    pid: child.pid,
    lines,
    log,
    stderr: () => output.stderr,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    /** Resolves with the exit code, when both output streams have ended too. */
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

export type ServerProcess = Awaited<ReturnType<typeof startProcess>>

/** A server in `folder` that knows the test's keys and `model`; its database is `data/challenges.db` there. */
export async function startInFolder(
  folder: string,
  model: Model,
  { env, within }: { env?: Record<string, string>; within?: string[] } = {},
) {
  const path = join(folder, 'data/challenges.db')
  const variables = { ...modelVariables(model), PATH: process.env.PATH ?? '', ...env }
  const server = await startProcess({ cwd: folder, env: environment(variables), ...(within && { within }) })
  return { ...server, path, ledger: () => readLedger(path) }
}

/** Several servers that start at the same moment, on the same environment. */
export async function startProcesses(count: number, options: ProcessOptions) {
  const started = await Promise.allSettled(Array.from({ length: count }, () => startProcess(options)))
  const all = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const end = () => Promise.all(all.map((server) => server[Symbol.asyncDispose]())).then(() => undefined)
  const failed = started.find((one) => one.status === 'rejected')
  if (failed) {
    await end()
    throw failed.reason
  }
  /** One after another, and then again from the first. */
  const each = (n: number) => all[n % all.length] as ServerProcess
  return { all, each, [Symbol.asyncDispose]: end }
}

/** The first truthy value of `look`, which is asked again and again for `milliseconds`. */
export async function until<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
  what: string,
  milliseconds = 10_000,
): Promise<T> {
  const deadline = performance.now() + milliseconds
  for (;;) {
    const seen = await look()
    if (seen) return seen
    if (performance.now() > deadline) throw new Error(`Waited in vain: ${what}.`)
    await Bun.sleep(5)
  }
}
