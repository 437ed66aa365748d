import { format } from 'node:util'
import type { QuickJSContext, QuickJSHandle, QuickJSWASMModule } from 'quickjs-emscripten-core'
import { missing } from './missing.ts'
import { installConsole, installTimers, type Stream } from './prelude.ts'
import { createFormat } from './prelude-format.ts'
import { installTraps } from './prelude-traps.ts'
import { bounds, type Mode, type Outcome } from './protocol.ts'
import { reviveTrees } from './tree.ts'

/** Assembles the functions of the sandbox from their sources. */
const prelude = `(print, doubt) => {
  const host = { print, doubt }
  const format = (${createFormat})(doubt)
  const { show, fail } = (${installConsole})(host, format)
  const runNext = (${installTimers})(host)
  ;(${installTraps})(host, ${JSON.stringify(missing)})
  return { show, fail, runNext }
}`

/** The run used a function whose result may differ in other engines, or broke a bound. */
class Doubt extends Error {}

type Sandbox = { context: QuickJSContext; tools: QuickJSHandle; check: () => void }

/**
 * Runs the source until it and its jobs and timers have ended, for at most `runMs` milliseconds, and describes the
 * value of an expression. `quickjs` must be new: the memory of the sandbox is never freed.
 * @returns `undefined` if the run proves nothing
 */
export function execute(quickjs: QuickJSWASMModule, source: string, mode: Mode, runMs: number) {
  const outcome: Outcome = { lines: [], styled: false, failure: undefined, value: undefined }
  try {
    const sandbox = openSandbox(quickjs, outcome, runMs)
    const { context, check } = sandbox
    const wrapped = mode === 'commonjs' ? `(function () {${source}\n}).call({})` : source
    const result = context.evalCode(wrapped, 'code.js', { type: mode === 'module' ? 'module' : 'global' })
    check()
    if (result.error) call(sandbox, 'fail', result.error)
    else {
      finish(sandbox, result.value, mode)
      if (mode === 'expression') call(sandbox, 'show', result.value)
    }
    check()
    return outcome
  } catch {
    // A doubt, or an error of the engine itself: its memory is full, or its stack.
    return undefined
  }
}

/** Whether the source is one expression. It is compiled and not run. */
export function isExpression(quickjs: QuickJSWASMModule, source: string): boolean {
  const context = quickjs.newRuntime().newContext()
  // A source that closes the brackets around it fits one of the two forms only.
  const forms = [`() => (\n${source}\n)`, `() => [\n${source}\n]`]
  return forms.every((form) => context.evalCode(form).error === undefined)
}

function openSandbox(quickjs: QuickJSWASMModule, outcome: Outcome, runMs: number): Sandbox {
  const runtime = quickjs.newRuntime()
  runtime.setMaxStackSize(bounds.stackBytes)
  const context = runtime.newContext()
  let doubtful = false
  let length = 0
  let until = Number.POSITIVE_INFINITY
  const isOver = () => length > bounds.outputLength || performance.now() > until
  const print = context.newFunction('print', (stream, json, styled) => {
    const text = context.getString(json)
    length += text.length
    if (length <= bounds.outputLength)
      record(outcome, context.getString(stream) as Stream, text, context.dump(styled) === true)
  })
  const doubt = context.newFunction('doubt', () => {
    doubtful = true
  })
  const start = context.unwrapResult(context.evalCode(prelude))
  const tools = context.unwrapResult(context.callFunction(start, context.undefined, print, doubt))
  until = performance.now() + runMs
  runtime.setInterruptHandler(isOver)
  const check = () => {
    if (doubtful || isOver()) throw new Doubt()
  }
  return { context, tools, check }
}

/** Adds a report of the sandbox to the outcome. */
function record(outcome: Outcome, stream: Stream, json: string, styled: boolean) {
  const values = reviveTrees(JSON.parse(json))
  if (stream === 'failure') {
    const [name, message] = values.map(String)
    outcome.failure = { name: name ?? '', message: message ?? '' }
  } else if (stream === 'value') {
    outcome.value = describeValue(values[0])
    outcome.styled ||= styled
  } else {
    outcome.lines.push({ text: format(...values), stream })
    outcome.styled ||= styled
  }
}

function describeValue(value: unknown): Outcome['value'] {
  const primitive = typeof value !== 'object' && typeof value !== 'function' ? true : value === null
  const json = primitive && typeof value !== 'string' ? undefined : JSON.stringify(value)
  const texts = [format(value), ...(json === undefined ? [] : [json])]
  return { texts, primitive }
}

/** Runs jobs and timers, in the order of Node, until none is left or an error is not caught. */
function finish(sandbox: Sandbox, value: QuickJSHandle, mode: Mode) {
  const { context, tools, check } = sandbox
  const runNext = context.getProp(tools, 'runNext')
  for (let timers = 0; timers < bounds.timers; timers++) {
    runJobs(context, check)
    const ended = context.getPromiseState(value)
    if (ended.type === 'rejected' && mode === 'module') return call(sandbox, 'fail', ended.error)
    // Whether the program handles the rejection is not known.
    if (ended.type === 'rejected') throw new Doubt()
    const next = context.callFunction(runNext, context.undefined)
    check()
    if (next.error) return call(sandbox, 'fail', next.error)
    if (context.dump(next.value) === false) return
  }
  throw new Doubt()
}

function runJobs(context: QuickJSContext, check: () => void) {
  const { runtime } = context
  while (runtime.hasPendingJob()) {
    const { error } = runtime.executePendingJobs(100)
    if (error) throw new Doubt()
    check()
  }
}

function call({ context, tools }: Sandbox, name: 'show' | 'fail', value: QuickJSHandle) {
  context.unwrapResult(context.callFunction(context.getProp(tools, name), context.undefined, value))
}
