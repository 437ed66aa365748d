import type { Proof } from '../../question.ts'
import type { Authored } from '../authored.ts'
import { isPart, matchOptions, mayAskForPart, skeleton } from './match.ts'
import type { Outcome } from './protocol.ts'

type Options = { texts: string[]; code: string; question: string }

/** Compares the outcomes of the runs with the options. Outcomes that do not agree prove nothing. */
export function judge({ answer, distractors, code, question }: Authored, outcomes: Outcome[]): Proof {
  const options = {
    texts: [answer, ...distractors.map(({ text }) => text)],
    code: code ?? question,
    question,
  }
  const verdicts = outcomes.flatMap(withoutErrorLines).map((outcome) => judgeOne(options, outcome))
  const [first = 'unproven', ...others] = verdicts
  return others.every((verdict) => verdict === first) ? first : 'unproven'
}

/** The outcome, and the outcome without the lines of `console.error`, which some authors do not count. */
function withoutErrorLines(outcome: Outcome): Outcome[] {
  const lines = outcome.lines.filter(({ stream }) => stream === 'output')
  return lines.length === outcome.lines.length ? [outcome] : [outcome, { ...outcome, lines }]
}

function judgeOne(options: Options, outcome: Outcome): Proof {
  const { failure, value } = outcome
  const lines = outcome.lines.flatMap(({ text }) => text.split('\n'))
  const text = lines.join('\n')
  if (hasEngineText(text, options.code)) return 'unproven'
  if (failure) return judgeFailure(options, lines, failure)
  if (value) return judgeValue(options, value)
  const isNothing = (option: string) =>
    /^(?:it |the code )?(?:prints |logs |outputs )?(?:nothing|no output)(?: is (?:printed|logged|output))?(?: at all)?\.?$/i.test(
      option,
    )
  // "Nothing" and "an empty line" may be two options.
  if (text.trim() === '' && lines.length > 0) return 'unproven'
  if (text.trim() === '')
    return decide(options.texts.flatMap((option, place) => (isNothing(option) ? [place] : []))) ?? 'unproven'
  if (mayAskForPart(options.question) && isPart(options.texts[0] ?? '', lines)) return 'unproven'
  const decided = decide(matchOptions(options.texts, [lines]))
  if (decided) return decided
  const [answer = ''] = options.texts
  const isOther = !outcome.styled && isOutput(answer, `${options.code}\n${text}`) && !isNothing(answer)
  return isOther && !resembles(answer, text) ? 'refuted' : 'unproven'
}

/** `undefined` if no option matches. The answer is the first option. */
function decide(matching: number[]): Proof | undefined {
  if (matching.length === 0) return undefined
  if (matching.length > 1) return 'unproven'
  return matching[0] === 0 ? 'proven' : 'refuted'
}

function judgeFailure(
  options: Options,
  lines: string[],
  { name, message }: { name: string; message: string },
): Proof {
  // Each engine has its own messages: only the program's own message is known.
  const own = message !== '' && options.code.includes(message)
  const said = own ? [`${name}: ${message}`, `Uncaught ${name}: ${message}`] : []
  const readings = [name, `Uncaught ${name}`, ...said].map((last) => [...lines, last])
  const decided = decide(matchOptions(options.texts, readings))
  if (decided || lines.length > 0) return decided ?? 'unproven'
  const naming = options.texts.flatMap((option, place) =>
    new RegExp(`(?<!\\w)${RegExp.escape(name)}(?!\\w)`).test(option) ? [place] : [],
  )
  if (naming.length > 0)
    return naming.every((place) => isBare(options.texts[place] ?? '', name))
      ? (decide(naming) ?? 'unproven')
      : 'unproven'
  const [answer = ''] = options.texts
  // The text of the question may define the name.
  if (/is not defined$/.test(message)) return 'unproven'
  const mentions = options.texts.some((option) => /error|throw|exception|crash|fail|reject/i.test(option))
  return !mentions && isOutput(answer, options.code) ? 'refuted' : 'unproven'
}

/** Whether the option says no more than that this error is thrown. */
function isBare(option: string, name: string): boolean {
  return option
    .replace(name, '')
    .split(/[^\p{L}\p{N}]+/u)
    .every((word) =>
      /^(?:|it|the|code|program|call|an?|uncaught|throws?|thrown|raises?|is|will|be|error|exception|at|run|runtime|time)$/i.test(
        word,
      ),
    )
}

function judgeValue({ texts }: Options, { texts: forms, primitive }: NonNullable<Outcome['value']>): Proof {
  const decided = decide(
    matchOptions(
      texts,
      forms.map((form) => [form]),
    ),
  )
  if (decided) return decided
  const [answer = ''] = texts
  const literal =
    /^(?:-?\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?n?|true|false|null|undefined|NaN|-?Infinity|"[^"]*"|'[^']*')$/
  return primitive && literal.test(answer) && !forms.some((form) => resembles(answer, form))
    ? 'refuted'
    : 'unproven'
}

/** Whether the text has parts that differ by engine: messages, stacks and last digits. */
function hasEngineText(text: string, code: string): boolean {
  const messages =
    /(?:is|not) (?:a|an|not|defined|iterable|initialized|extensible|read-only|configurable|writable|callable)\b|cannot |invalid |unexpected |expecting |circular |out of |^\s+at |no setter|too (?:long|large|many)|must be |<anonymous>|\[native code\]/im
  const [message] = messages.exec(text) ?? []
  if (message !== undefined && !code.includes(message)) return true
  return (
    /\d\.\d{12}/.test(text) &&
    /\bMath\.(?:a?(?:sin|cos|tan)h?|atan2|exp|expm1|log\w*|cbrt|hypot|pow)\b/.test(code)
  )
}

const proseWords =
  /\b(?:the|an?|it|its|is|are|was|be|and|or|but|then|prints?|printed|logs?|logged|outputs?|nothing|because|since|once|twice|times|order|line|lines|each|every|all|any|in|of|to|with|by|from|after|before|first|second|depends|throws?|thrown|errors?|exception|crash(?:es)?|empty|blank|random|either|same|value|values|number|numbers|string)\b/gi

/** Whether the answer is an output and not a sentence about it. `known`: the code and what it printed. */
function isOutput(answer: string, known: string): boolean {
  if (/^\w*Error$/.test(answer)) return true
  const words = new Set(known.toLowerCase().match(/\p{L}+/gu))
  const unknown = (found: readonly string[] | null) =>
    (found ?? []).filter((word) => !words.has(word.toLowerCase()))
  if (unknown(answer.match(proseWords)).length > 0) return false
  const vocabulary =
    /^(?:undefined|null|true|false|nan|infinity|object|function|boolean|symbol|bigint|n|e|x)$/i
  return unknown(answer.match(/\p{L}+/gu)).filter((word) => !vocabulary.test(word)).length < 2
}

/** Whether two texts say the same in another form. */
function resembles(one: string, other: string): boolean {
  return (
    skeleton(one) === skeleton(other) ||
    (other.trim() !== '' && Number(one.replace(/["'`]/g, '')) === Number(other))
  )
}
