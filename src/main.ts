import { requireBun } from './bun-version.ts'
import { endOnBrokenPipe } from './commands/broken-pipe.ts'
import { UsageError } from './commands/command.ts'
import { nameProgram } from './commands/name-program.ts'
import { runProgram } from './commands/program.ts'

endOnBrokenPipe()
try {
  requireBun(Bun.version)
  await runProgram(process.argv.slice(2), process.env)
} catch (error) {
  const message = error instanceof Error ? error.message : 'The command failed.'
  process.stderr.write(`${nameProgram(message)}\n`)
  if (error instanceof UsageError) process.stderr.write(`\n${error.usage}\n`)
  process.exit(1)
}
