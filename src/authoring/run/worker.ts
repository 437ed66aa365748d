import variant from '@jitl/quickjs-wasmfile-release-sync'
import { newQuickJSWASMModuleFromVariant, newVariant } from 'quickjs-emscripten-core'
import { execute, isExpression } from './execute.ts'
import { bounds, type Mode, type Outcome, type TimedJob } from './protocol.ts'

/**
 * A worker thread that runs the code of one question, in a new instance of the engine for each run. Its first message
 * says that it is ready for a job, its second is the answer.
 */

/** Starts a new engine. Its WebAssembly memory has a maximum, because `setMemoryLimit` of QuickJS has no effect. */
function startEngine({ engine: wasmModule }: TimedJob) {
  const wasmMemory = new WebAssembly.Memory({ initial: 256, maximum: bounds.memoryPages })
  return newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmModule, wasmMemory }))
}

/** @returns `undefined` if the job proves nothing */
async function work(job: TimedJob): Promise<Outcome[] | undefined> {
  const { source, expressionOnly, typescript } = job
  const code = typescript ? transpile(source) : source
  if (code === undefined) return undefined
  const expression = code.trim().replace(/;$/, '')
  if (expressionOnly && !isExpression(await startEngine(job), expression)) return undefined
  const outcomes = await runInModes(job, code, typescript ? ['module'] : ['commonjs', 'script', 'module'])
  // The text of the question may define the names of the expression.
  if (expressionOnly && outcomes?.some(({ failure }) => failure?.name === 'ReferenceError')) return undefined
  const isSilent = outcomes?.every(({ lines, failure }) => lines.length === 0 && !failure)
  if (!isSilent || !isExpression(await startEngine(job), expression)) return outcomes
  // As a statement, an expression that begins with a brace is a block: both must have the same value.
  const asStatement = await runInModes(job, expression, ['expression'])
  const inParentheses = await runInModes(job, `(\n${expression}\n)`, ['expression'])
  return asStatement && inParentheses && [...asStatement, ...inParentheses]
}

/** Runs the code in each mode. Code that awaits at its top level is a module. */
async function runInModes(job: TimedJob, code: string, modes: Mode[]): Promise<Outcome[] | undefined> {
  const outcomes: { mode: Mode; outcome: Outcome }[] = []
  for (const mode of modes) {
    const outcome = execute(await startEngine(job), code, mode, job.runMs)
    if (!outcome) return undefined
    outcomes.push({ mode, outcome })
  }
  const isInvalid = ({ outcome }: { outcome: Outcome }) => outcome.failure?.name === 'SyntaxError'
  const awaits = /\bawait\b/.test(code) && !outcomes.filter(({ mode }) => mode === 'module').some(isInvalid)
  const valid = awaits ? outcomes.filter((run) => run.mode === 'module' || !isInvalid(run)) : outcomes
  // If Bun can parse the code, nothing is proven: the engine lacks its syntax, or it is TypeScript that is called
  // JavaScript.
  if (valid.some(isInvalid) && transpile(code) !== undefined) return undefined
  return valid.map(({ outcome }) => outcome)
}

/** Removes the types of TypeScript. @returns `undefined` if the source cannot be parsed */
function transpile(source: string): string | undefined {
  try {
    return new Bun.Transpiler({ loader: 'ts', target: 'bun', deadCodeElimination: false }).transformSync(
      source,
    )
  } catch {
    return undefined
  }
}

declare const self: { onmessage: (event: MessageEvent<TimedJob>) => void }

self.onmessage = ({ data }) => {
  work(data).then(postMessage, () => postMessage(undefined))
}
postMessage('ready')
