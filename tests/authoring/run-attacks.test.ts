import { afterAll, expect, test } from 'bun:test'
import { timeLimits } from '../../src/authoring/run/protocol.ts'
import { createSandbox } from '../../src/authoring/run/sandbox.ts'

// Most attacks run until the time limit: a short one shortens the test.
const sandbox = createSandbox({ ...timeLimits, runMs: 150 })
afterAll(() => sandbox[Symbol.asyncDispose]())

const run = (source: string, signal = new AbortController().signal, typescript = false) =>
  sandbox.run({ source, expressionOnly: false, typescript }, signal)

const megabytes = () => process.memoryUsage.rss() / 2 ** 20

/** What the program prints in its first run. */
const print = async (source: string) => (await run(source))?.[0]?.lines.map(({ text }) => text).join('\n')

const attacks: [code: string, typescript?: true][] = [
  ['while (true) {}'],
  ['for (;;) try { for (;;) {} } catch {} finally { continue }'],
  ['(function f() { f() })()'],
  ['function f() { try { f() } catch { f() } } f()'],
  ['/^(a+)+$/.test("a".repeat(40) + "b")'],
  ['"a".repeat(50_000).match(/(.*)*(.*)*b/)'],
  ['(function f() { Promise.resolve().then(f) })()'],
  ['(async () => { for (;;) await null })()'],
  ['setInterval(() => {})'],
  ['(function f() { setTimeout(f) })()'],
  ['for (;;) console.log("x".repeat(1000))'],
  ['"x".repeat(1e9)'],
  ['const a = []; for (;;) a.push(new Array(1e5).fill(1))'],
  ['let s = "x"; for (;;) s += s'],
  ['new ArrayBuffer(2 ** 31)'],
  ['const a = []; for (let i = 0; i < 1e5; i++) a[0] = [a[0]]; console.log(a)'],
  ['console.log(Array.from({ length: 1e6 }, (_, i) => ({ i })))'],
  ['console.log({ get [Symbol.toStringTag]() { for (;;) {} } })'],
  ['console.log(new Proxy({}, { ownKeys() { for (;;) {} } }))'],
  ['throw { get name() { for (;;) {} } }'],
  ['throw new (class extends Error { get name() { for (;;) {} } })()'],
  ['eval("(".repeat(1e6))'],
  ['JSON.parse("[".repeat(1e6))'],
  [`${'['.repeat(1500)}${']'.repeat(1500)}`],
  [`${'('.repeat(3000)}`],
  [`${'!'.repeat(2990)}1`],
  [`${'['.repeat(1500)}${']'.repeat(1500)}`, true],
  [`${'('.repeat(3000)}`, true],
  [`${'a=>'.repeat(990)}1`, true],
  [`let a: ${'['.repeat(1400)}${']'.repeat(1400)}`, true],
]

test.each(attacks.map(([code, typescript = false]) => [code.slice(0, 60), code, typescript] as const))(
  '%s ends, in bounded memory, and leaves the event loop free',
  async (_, code, typescript) => {
    const before = megabytes()
    let [peak, longest, last] = [before, 0, performance.now()]
    const ticking = setInterval(() => {
      peak = Math.max(peak, megabytes())
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 5)
    const started = performance.now()

    await run(code, undefined, typescript)

    clearInterval(ticking)
    expect(performance.now() - started).toBeLessThan(20_000)
    expect(longest).toBeLessThan(500)
    expect(peak - before).toBeLessThan(250)
    expect(await print('console.log(1)')).toBe('1')
  },
)

test.each<[code: string, printed: string]>([
  ['Object.prototype.toJSON = () => "forged"; console.log({ a: 1 })', '{ a: 1 }'],
  ['Array.prototype.toJSON = String.prototype.toJSON = () => 1; console.log([1, "a"])', "[ 1, 'a' ]"],
  ['Array.prototype.map = Array.prototype.push = null; console.log([1])', '[ 1 ]'],
  ['Array.prototype[Symbol.iterator] = null; console.log([1], 2)', '[ 1 ] 2'],
  [
    'JSON.stringify = () => "[]"; Reflect.apply = null; String = null; console.log(1, { a: 2 })',
    '1 { a: 2 }',
  ],
  ['Promise.prototype.then = null; queueMicrotask(() => console.log(2)); console.log(1)', '1\n2'],
  ['const log = console.log; console.log = (x) => log("<" + x + ">"); console.log(1)', '<1>'],
  ['globalThis.console = { log() {} }; console.log(1)', ''],
])(
  'a program that replaces the built-ins behind the console prints the same as in Node: %s',
  async (code, printed) => {
    expect(await print(code)).toBe(printed)
  },
)

test('a run sees no value of another run, and no object of the server', async () => {
  await run('globalThis.left = 1; Object.prototype.left = 1; Array.prototype.left = 1')

  expect(await print('console.log(typeof left, {}.left, [].left)')).toBe('undefined undefined undefined')
  const reach =
    'this.constructor.constructor("return typeof std + typeof os + typeof scriptArgs + typeof host + typeof print_")()'
  expect(await print(`console.log(${reach})`)).toBe('undefined'.repeat(5))
})

test('a run that is cancelled, while it waits or runs, ends at once', async () => {
  const first = new AbortController()
  const second = new AbortController()
  const started = performance.now()
  const running = run('while (true) {}', first.signal)
  const waiting = run('console.log(1)', second.signal)
  second.abort()
  expect(await waiting).toBeUndefined()
  first.abort()

  expect(await running).toBeUndefined()
  expect(performance.now() - started).toBeLessThan(900)
})

test('a sandbox that is closed ends its run and takes no other', async () => {
  const closed = createSandbox()
  const job = { source: 'while (true) {}', expressionOnly: false, typescript: false }
  const running = closed.run(job, new AbortController().signal)
  await closed[Symbol.asyncDispose]()

  expect(await running).toBeUndefined()
  expect(await closed.run({ ...job, source: '1' }, new AbortController().signal)).toBeUndefined()
})
