import type { Authored } from '../authored.ts'
import type { Job } from './protocol.ts'

/** The code to run for a question. @returns `undefined` if its key cannot be proven by running */
export function toJob(
  { question, code, prints, answer, distractors }: Authored,
  language: string,
): Job | undefined {
  const typescript = language === 'typescript'
  if (!typescript && language !== 'javascript') return undefined
  // The types are removed and not checked, so whether the code compiles is not known.
  if (typescript && [answer, ...distractors.map(({ text }) => text)].some(namesTypeError)) return undefined
  const source = code ?? findExpression(question)
  const expressionOnly = code === null || !prints
  if (source === undefined || isBeyond(source, typescript)) return undefined
  if (code !== null && !prints && !asksForValue(question)) return undefined
  return { source, expressionOnly, typescript }
}

/** Whether an option says that the compiler refuses the code. A `TypeError` is thrown at run time. */
function namesTypeError(option: string): boolean {
  return /\berrors?\b|compil|type.?check|assignable/i.test(option)
}

/** Whether the code needs other files, settings of a compiler, or a host that ends at an unhandled rejection. */
function isBeyond(source: string, typescript: boolean): boolean {
  if (/\b(?:import|export)\b|^\s*@\w/m.test(source)) return true
  if (typescript && /\bdeclare\b/.test(source)) return true
  const rejects = /\b(?:async|Promise)\b/.test(source) && /\b(?:reject|throw)\b/.test(source)
  return rejects && !/\bcatch\b|\ballSettled\b/.test(source)
}

const opening =
  /^(?:in (?:javascript|typescript|js|ts|node(?:\.js)?),? )?(?:what|which value) (?:is|does|will|would) (?:(?:be )?the (?:return value|value|result|output) (?:of|from) )?(?:evaluating |calling |running |executing )?(?:the )?(?:following )?(?:javascript |typescript )?(?:expression |call |code |statement )?$/i
const ending =
  /^ ?(?:evaluates? to|returns?|gives?|yields?|produces?|equals?|results? in|prints?|logs?|outputs?|print to the console|log to the console)?(?: when (?:it is )?(?:evaluated|run|executed))?(?: in (?:javascript|typescript|js|ts|node(?:\.js)?))? ?\?$/i

/** The only code of a question that asks for its value, such as "What does `3 > 2 > 1` give?". */
function findExpression(question: string): string | undefined {
  const [, before = '', source, after = ''] = /^([^`]*)`([^`\n]+)`([^`]*)$/.exec(question.trim()) ?? []
  return opening.test(before) && ending.test(after) ? source : undefined
}

/** Whether the question asks for the value of its code, and not for one of its properties. */
function asksForValue(question: string): boolean {
  return (
    /\bwhat (?:is|does|will|would)\b[^?]*\b(?:value|result|evaluates?|returns?|gives?|yields?|produces?|prints?|logs?|outputs?)\b[^?]*\?$/i.test(
      question.trim(),
    ) &&
    !/\b(?:types?|length|complexity|many|times|why|when|if|after|before|error|replace|change|not)\b/i.test(
      question,
    )
  )
}
