import { importOriginal } from './commands/import.ts'
import { migrate } from './commands/migrate.ts'
import { quality } from './commands/quality.ts'
import { serve } from './commands/serve.ts'
import { token } from './commands/token.ts'
import { webhook } from './commands/webhook.ts'
import { parseConfig } from './config.ts'

/** What the process can do; without a word it serves. */
const commands = { serve, token, webhook, quality, import: importOriginal, migrate }

try {
  const [word = 'serve', ...args] = process.argv.slice(2)
  const command = Object.hasOwn(commands, word) && commands[word as keyof typeof commands]
  if (!command) throw new Error(`There is no command ${word}: say ${Object.keys(commands).join(', ')}.`)
  await command(parseConfig(process.env), args)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'It could not be done.'}\n`)
  process.exit(1)
}
