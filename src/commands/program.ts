import { version } from '../../package.json'
import { parseConfig } from '../config.ts'
import { type Command, UsageError } from './command.ts'
import { nameProgram } from './name-program.ts'

/** Loads a command, by its name, which is also a script of package.json. Only the command that is called is loaded. */
const commands: Record<string, () => Promise<Command>> = {
  serve: async () => (await import('./serve.ts')).serve,
  token: async () => (await import('./token.ts')).token,
  webhook: async () => (await import('./webhook.ts')).webhook,
  quality: async () => (await import('./quality.ts')).quality,
  import: async () => (await import('./import.ts')).importOriginal,
  transfer: async () => (await import('./transfer.ts')).transfer,
  quota: async () => (await import('./quota.ts')).quota,
  questions: async () => (await import('./questions.ts')).questions,
  backup: async () => (await import('./backup.ts')).backup,
  restore: async () => (await import('./restore.ts')).restore,
}

/** Every command, by its name. */
export async function loadCommands(): Promise<Record<string, Command>> {
  const loading = Object.entries(commands).map(async ([name, load]) => [name, await load()] as const)
  return Object.fromEntries(await Promise.all(loading))
}

async function writeUsage(): Promise<string> {
  const loaded = Object.entries(await loadCommands())
  const longest = Math.max(...loaded.map(([{ length }]) => length))
  return nameProgram(
    [
      'Usage: bun src/main.ts [command] [arguments]\n',
      'Without a command, the server starts.\n',
      ...loaded.map(([name, { summary }]) => `  ${name.padEnd(longest)}  ${summary}`),
      '\n<command> --help prints the usage of a command; -v, --version prints the version.',
    ].join('\n'),
  )
}

/**
 * Runs the program with the words after its name. Help and version do not need a valid environment.
 * @throws UsageError for words that are not understood; Error with one sentence when the command fails.
 */
export async function runProgram(args: string[], env: Record<string, string | undefined>): Promise<void> {
  if (args.length > 0 && args.every(isHelp)) return print(await writeUsage())
  const { name, rest } = splitName(args)
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!load) {
    const known = Object.keys(commands).join(', ')
    throw new UsageError(`There is no command ${name}: use ${known}.`, await writeUsage())
  }
  const command = await load()
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
