import { requireBun } from './bun-version.ts'
import { UsageError } from './commands/command.ts'
import { runProgram } from './commands/program.ts'

try {
  requireBun(Bun.version)
  await runProgram(process.argv.slice(2), process.env)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'The command failed.'}\n`)
  if (error instanceof UsageError) process.stderr.write(`\n${error.usage}\n`)
  process.exit(1)
}
