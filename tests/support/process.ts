import { join } from 'node:path'
import { until } from './async.ts'
import { clientOf } from './client.ts'
import { readDatabase } from './database.ts'
import type { Model } from './model.ts'
import { environment, type LogLine, modelVariables } from './server.ts'

/** The path of the program. */
export const main = join(import.meta.dir, '../../src/main.ts')

type ProcessOptions = {
  /** The whole environment: the process inherits no variable. */
  env: Record<string, string>
  cwd: string
  /** The command and its arguments. Without arguments the program serves. */
  args?: string[]
  /** A command that runs the program. */
  within?: string[]
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

/** Runs the program to its end, and kills it after 30 seconds. */
export async function runToEnd(options: ProcessOptions) {
  const { child, output, ended } = spawn(options)
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000)
  const exitCode = await ended
  clearTimeout(timer)
  return { ...output, exitCode, signal: child.signalCode }
}

/**
 * Starts a server in a process, and waits until it listens. The process is killed at the end of the block.
 * @throws Error with the text of standard error if the process ends before it listens.
 */
export async function startProcess(options: ProcessOptions) {
  const { child, output, ended } = spawn(options)
  const lines = () => output.stdout.trim().split('\n').filter(Boolean)
  const log = () => lines().map((line) => JSON.parse(line) as LogLine)
  const port = () =>
    output.stdout.includes('listening on') ? log().find((line) => line.port)?.port : undefined
  const early = ended.then((code) =>
    Promise.reject(new Error(`The server ended with ${code}: ${output.stderr}`)),
  )
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
    /** Resolves with the exit code after the process and both of its output streams have ended. */
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

export type ServerProcess = Awaited<ReturnType<typeof startProcess>>

/** A server process in `folder` with the keys of the tests and `model`, on the database `data/challenges.db`. */
export async function startInFolder(
  folder: string,
  model: Model,
  { env, within }: { env?: Record<string, string>; within?: string[] } = {},
) {
  const path = join(folder, 'data/challenges.db')
  const variables = { ...modelVariables(model), PATH: process.env.PATH ?? '', ...env }
  const server = await startProcess({ cwd: folder, env: environment(variables), ...(within && { within }) })
  return { ...server, path, readDatabase: () => readDatabase(path) }
}

/** Server processes that start at the same time with the same environment. */
export async function startProcesses(count: number, options: ProcessOptions) {
  const started = await Promise.allSettled(Array.from({ length: count }, () => startProcess(options)))
  const all = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const end = () => Promise.all(all.map((server) => server[Symbol.asyncDispose]())).then(() => undefined)
  const failed = started.find((one) => one.status === 'rejected')
  if (failed) {
    await end()
    throw failed.reason
  }
  /** Takes the servers in turn. */
  const each = (n: number) => all[n % all.length] as ServerProcess
  return { all, each, [Symbol.asyncDispose]: end }
}
