import { version } from '../../package.json'
import { parseConfig } from '../config.ts'
import { backup } from './backup.ts'
import { type Command, UsageError } from './command.ts'
import { importOriginal } from './import.ts'
import { nameProgram } from './name-program.ts'
import { quality } from './quality.ts'
import { questions } from './questions.ts'
import { quota } from './quota.ts'
import { restore } from './restore.ts'
import { serve } from './serve.ts'
import { token } from './token.ts'
import { transfer } from './transfer.ts'
import { webhook } from './webhook.ts'

/** Every command, by its name. Each one is also a script of package.json. */
export const commands: Record<string, Command> = {
  serve,
  token,
  webhook,
  quality,
  import: importOriginal,
  transfer,
  quota,
  questions,
  backup,
  restore,
}

const longestName = Math.max(...Object.keys(commands).map(({ length }) => length))

const usage = nameProgram(
  [
    'Usage: bun src/main.ts [command] [arguments]\n',
    'Without a command, the server starts.\n',
    ...Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(longestName)}  ${summary}`),
    '\n<command> --help prints the usage of a command; -v, --version prints the version.',
  ].join('\n'),
)

/**
 * Runs the program with the words after its name. Help and version do not need a valid environment.
 * @throws UsageError for words that are not understood; Error with one sentence when the command fails.
 */
export async function runProgram(args: string[], env: Record<string, string | undefined>): Promise<void> {
  if (args.length > 0 && args.every(isHelp)) return print(usage)
  const { name, rest } = splitName(args)
  if (!Object.hasOwn(commands, name))
    throw new UsageError(`There is no command ${name}: use ${Object.keys(commands).join(', ')}.`, usage)
  const command = commands[name] as Command
  const work = command.prepare(rest)
  if (work === 'help') return print(command.usage)
  if (work === 'version') return print(version)
  await work(parseConfig(env))
}

function isHelp(word: string | undefined): boolean {
  return word === 'help' || word === '--help' || word === '-h'
}

/** Options without a command are those of `serve`; `help <command>` means `<command> help`. */
function splitName(args: string[]): { name: string; rest: string[] } {
  const [first = 'serve', ...rest] = args
  if (isHelp(first)) return { name: rest[0] ?? '', rest: ['help', ...rest.slice(1)] }
  return first.startsWith('-') ? { name: 'serve', rest: args } : { name: first, rest }
}

function print(text: string) {
  process.stdout.write(`${text}\n`)
}
