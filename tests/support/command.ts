import { spyOn } from 'bun:test'
import { type Config, parseConfig } from '../../src/config.ts'

/**
 * Runs a command of the program in this process, where nothing about the process itself is to be proven: what it
 * printed, and the words that it failed with. What a process makes of them (standard error, status 1) is the same for
 * all commands.
 */
export async function runHere(
  command: (config: Config, args: string[]) => Promise<void>,
  args: string[],
  env: Record<string, string>,
) {
  let stdout = ''
  using _ = spyOn(process.stdout, 'write').mockImplementation((text: string | Uint8Array) => {
    stdout += text
    return true
  })
  const failure = await (async () => command(parseConfig(env), args))().then(
    () => undefined,
    (error) => (error instanceof Error ? error.message : String(error)),
  )
  return { stdout, failure }
}
