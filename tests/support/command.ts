import { spyOn } from 'bun:test'
import { type Command, UsageError } from '../../src/commands/command.ts'
import { parseConfig } from '../../src/config.ts'

/**
 * Runs a command in this process, and returns what it printed and the message of its failure. How a process reports a
 * failure is the same for all commands, and is tested once.
 */
export function runHere(command: Command, args: string[], env: Record<string, string>) {
  return capture(async () => {
    const work = command.prepare(args)
    if (typeof work === 'string') throw new Error(`The arguments ask for ${work}.`)
    await work(parseConfig(env))
  })
}

/** The output of `work`, and the message and usage of its failure. */
export async function capture(work: () => Promise<void>) {
  let stdout = ''
  using _ = spyOn(process.stdout, 'write').mockImplementation((text: string | Uint8Array) => {
    stdout += text
    return true
  })
  const error: unknown = await work().then(
    () => undefined,
    (reason) => reason,
  )
  const failure = error instanceof Error ? error.message : error && String(error)
  return { stdout, failure, usage: error instanceof UsageError ? error.usage : undefined }
}
