import { spyOn } from 'bun:test'
import { type Command, UsageError } from '../../src/commands/command.ts'
import { parseConfig } from '../../src/config.ts'

/**
 * Runs a command of the program in this process, where nothing about the process itself is to be proven: what it
 * printed, and the words that it failed with. What a process makes of them (standard error, status 1) is the same for
 * all commands.
 */
export function runHere(command: Command, args: string[], env: Record<string, string>) {
  return capture(async () => {
    const work = command.prepare(args)
    if (typeof work === 'string') throw new Error(`The words ask for ${work}.`)
    await work(parseConfig(env))
  })
}

/** What `work` printed, and the message and usage that it failed with. */
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
