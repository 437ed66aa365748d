import { type ParseArgsConfig, parseArgs } from 'node:util'
import type { Config } from '../config.ts'
import { nameProgram } from './name-program.ts'

type OptionTypes = NonNullable<ParseArgsConfig['options']>
type Options<O extends OptionTypes> = Partial<ReturnType<typeof parseArgs<{ options: O }>>['values']>

type Definition<O extends OptionTypes> = {
  /** How the command is called, such as `bun run token [user_id]`. */
  synopsis: string
  /** What the command does, in one line. */
  summary: string
  /** Further lines of the usage. */
  details?: string
  /** The options, as `parseArgs` describes them. */
  options: O
  /** The minimum and maximum number of words that are no options. */
  words: [min: number, max: number]
  run: (config: Config, words: string[], options: Options<O>) => Promise<void>
}

export type Command = ReturnType<typeof createCommand>

/** A call with words that the command does not know. The message is one sentence. */
export class UsageError extends Error {
  constructor(
    message: string,
    /** How to call it correctly, in several lines. */
    readonly usage: string,
  ) {
    super(message)
  }
}

/** A command that understands or refuses every word of its call. */
export function createCommand<O extends OptionTypes>(definition: Definition<O>) {
  const { synopsis, summary, details, options, words, run } = definition
  const usage = nameProgram(
    [`Usage: ${synopsis}\n`, summary, ...(details ? [details] : []), commonOptions].join('\n'),
  )

  /**
   * Checks the words of a call. Returns the work that they ask for; or `help` or `version` when they ask for that.
   * @throws UsageError
   */
  function prepare(args: string[]): 'help' | 'version' | ((config: Config) => Promise<void>) {
    if (args.length === 1 && args[0] === 'help') return 'help'
    const { values, positionals, names } = parse(args, options, usage)
    if (names.includes('help')) return 'help'
    if (names.includes('version')) return 'version'
    if (positionals.includes('')) throw new UsageError('An argument is empty.', usage)
    const [min, max] = words
    const surplus = positionals[max]
    if (surplus !== undefined) throw new UsageError(`Unexpected argument: ${surplus}.`, usage)
    if (positionals.length < min) throw new UsageError('An argument is missing.', usage)
    const repeated = names.find((name, place) => names.indexOf(name) !== place)
    if (repeated) throw new UsageError(`The option --${repeated} is given twice.`, usage)
    return (config) => run(config, positionals, values)
  }

  return { summary, usage, words, prepare }
}

const commonOptions = `
-h, --help     prints this text
-v, --version  prints the version`

function parse<O extends OptionTypes>(args: string[], options: O, usage: string) {
  try {
    const { values, positionals, tokens } = parseArgs({
      args,
      options: {
        ...options,
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
      },
      allowPositionals: true,
      tokens: true,
    })
    const names = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []))
    return { values: values as Options<O>, positionals, names }
  } catch (error) {
    // The message goes on with advice about words that begin with a dash.
    const [sentence = ''] = String(error instanceof Error ? error.message : error).split(/\.?(?: To |\n|$)/)
    throw new UsageError(`${sentence}.`, usage)
  }
}
