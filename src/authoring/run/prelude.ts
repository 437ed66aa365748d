import type { Format } from './prelude-format.ts'

/** How the sandbox reports to its host. Each function takes only texts and booleans. */
export type Host = {
  /** Receives the values of one call as JSON. `styled`: one is more than text, a number or a plain list or object. */
  print: (stream: Stream, json: string, styled: boolean) => void
  /** Called when the program uses a function whose result differs by engine, place or time. */
  doubt: () => void
}

export type Stream = 'output' | 'error' | 'value' | 'failure'

/** Evaluated inside the sandbox, like `createFormat`. Returns the means to show a value and an uncaught error. */
export function installConsole({ print, doubt }: Host, { toJson, isStyled }: Format) {
  const { apply } = Reflect
  const text = String
  const tagOf = Object.prototype.toString

  const write =
    (stream: Stream) =>
    (...values: unknown[]) => {
      const json = toJson(values)
      print(stream, json, isStyled())
    }
  const log = write('output')
  const error = write('error')
  const known = { log, info: log, debug: log, error, warn: error }
  const others =
    'assert clear count countReset dir dirxml group groupCollapsed groupEnd table time timeEnd timeLog trace'
  globalThis.console = known as unknown as Console
  for (const name of others.split(' ')) Object.assign(console, { [name]: () => doubt() })

  return {
    show: write('value'),
    fail(thrown: unknown) {
      if (apply(tagOf, thrown, []) !== '[object Error]') return doubt()
      const { name, message } = thrown as Error
      const values = [text(name), text(message)]
      print('failure', toJson(values), false)
    },
  }
}

/**
 * Installs timers in virtual time. Returns a function that runs the next timer, and tells whether there was one. Timers
 * that Node might run in another order, because they were started at different times and end together, cause doubt.
 */
export function installTimers({ doubt }: Host) {
  type Timer = {
    id: object
    run: (...values: unknown[]) => void
    values: unknown[]
    started: number
    due: number
    every: number | undefined
    next: Timer | undefined
  }
  const { apply } = Reflect
  const { trunc } = Math
  const promiseThen = Promise.prototype.then
  const settled = Promise.resolve()
  const error = TypeError
  let now = 0
  /** The timers in the order in which they end. */
  let first: Timer | undefined
  let running: Timer | undefined

  class Timeout {
    ref = () => this
    unref = () => this
    hasRef = () => true
  }

  function insert(timer: Timer) {
    if (!first || timer.due < first.due) {
      timer.next = first
      first = timer
      return
    }
    let before = first
    while (before.next && before.next.due <= timer.due) before = before.next
    timer.next = before.next
    before.next = timer
  }

  const start = (repeats: boolean) =>
    function startTimer(run: unknown, delay?: unknown, ...values: unknown[]) {
      if (typeof run !== 'function') throw new error('The callback must be a function.')
      const given = Number(delay)
      const ms = given >= 1 && given <= 2147483647 ? trunc(given) : 1
      const id = new Timeout()
      const every = repeats ? ms : undefined
      insert({ id, run: run as Timer['run'], values, started: now, due: now + ms, every, next: undefined })
      return id
    }

  function clear(id: unknown) {
    if (typeof id === 'number' || typeof id === 'string') doubt()
    if (running && running.id === id) running.every = undefined
    if (first?.id === id) first = first?.next
    for (let at = first; at; at = at.next) if (at.next?.id === id) at.next = at.next?.next
  }

  function queue(run: unknown) {
    if (typeof run !== 'function') throw new error('The callback must be a function.')
    apply(promiseThen, settled, [
      () => {
        try {
          run()
        } catch {
          doubt()
        }
      },
    ])
  }

  Object.assign(globalThis, { setTimeout: start(false), setInterval: start(true) })
  Object.assign(globalThis, { clearTimeout: clear, clearInterval: clear, queueMicrotask: queue })

  return function runNext(): boolean {
    const timer = first
    if (!timer) return false
    first = timer.next
    now = timer.due
    for (let at = first; at && at.due <= now + 1; at = at.next) if (at.started !== timer.started) doubt()
    running = timer
    apply(timer.run, timer.id, timer.values)
    running = undefined
    if (timer.every === undefined) return true
    insert({ ...timer, started: now, due: now + timer.every })
    return true
  }
}
