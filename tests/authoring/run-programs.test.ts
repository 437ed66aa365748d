import { afterAll, expect, test } from 'bun:test'
import { createSandbox } from '../../src/authoring/run/sandbox.ts'

const sandbox = createSandbox()
afterAll(() => sandbox[Symbol.asyncDispose]())

/** What the program prints and the name of its uncaught error, if all its runs agree; `undefined` if it proves nothing. */
async function run(source: string, typescript = false) {
  const job = { source, expressionOnly: false, typescript }
  const outcomes = await sandbox.run(job, new AbortController().signal)
  const texts = new Set(
    outcomes?.map(({ lines, failure }) =>
      [...lines.map(({ text }) => text), ...(failure ? [failure.name] : [])].join('\n'),
    ),
  )
  return texts.size === 1 ? [...texts][0] : undefined
}

/** The right column is what Node 20 prints. */
test.each<[code: string, printed: string]>([
  ['console.log(1 + 2 + "3" + 4)', '334'],
  ['console.log(-0, 0, NaN, 1n, 1e21, 0.1 + 0.2)', '-0 0 NaN 1n 1e+21 0.30000000000000004'],
  ['console.log(undefined, null, true, "a", [undefined, null])', 'undefined null true a [ undefined, null ]'],
  ['console.log()', ''],
  ['console.log([1, 2, 3], ["a"], [])', "[ 1, 2, 3 ] [ 'a' ] []"],
  ['console.log([1, , 3, , ,])', '[ 1, <1 empty item>, 3, <2 empty items> ]'],
  ['console.log({ a: 1, "b-c": { d: [1, { e: { f: 1 } }] } })', "{ a: 1, 'b-c': { d: [ 1, [Object] ] } }"],
  ['console.log([1, 2, 3, 4, 5, 6, 7])', '[\n  1, 2, 3, 4,\n  5, 6, 7\n]'],
  ["console.log('it\\'s', ['it\\'s'], ['a\"b'])", "it's [ \"it's\" ] [ 'a\"b' ]"],
  ['console.log(new Map([["a", 1]]), new Set([1, "b"]))', "Map(1) { 'a' => 1 } Set(2) { 1, 'b' }"],
  ['class A { x = 1; #y = 2 } class B extends A {} console.log(new B(), new A())', 'B { x: 1 } A { x: 1 }'],
  ['console.log(Object.create(null), Object.create({ a: 1 }))', '[Object: null prototype] {} {}'],
  ['console.log(Symbol("s"), [Symbol()])', 'Symbol(s) [ Symbol() ]'],
  ['const a = { n: 1 }; a.self = a; console.log(a)', '<ref *1> { n: 1, self: [Circular *1] }'],
  ['const a = [1]; console.log([a, a])', '[ [ 1 ], [ 1 ] ]'],
  ['console.log("%s is %d years", "Ada", 36, "old")', 'Ada is 36 years old'],
  ['console.log("100%", 5)', '100% 5'],
  ['console.error("e"); console.log("o"); console.warn("w")', 'e\no\nw'],
  ['console.log(typeof null, typeof (() => 1), typeof 1n)', 'object function bigint'],
  ['console.log([10, 9, 1].sort(), [3, 1, 2].toSorted().at(-1))', '[ 1, 10, 9 ] 3'],
  ['console.log(Object.groupBy([1, 2, 3], (n) => n % 2 ? "odd" : "even").odd)', '[ 1, 3 ]'],
  [
    'label: for (const i of [1, 2]) for (const j of [1, 2]) { if (j === 2) continue label; console.log(i, j) }',
    '1 1\n2 1',
  ],
  ['function* g() { const x = yield 1; console.log(x) } const i = g(); i.next(); i.next(5)', '5'],
  [
    'const [a, ...b] = "héy"; console.log(a, b.length); const { x = 2, ...r } = { y: 1 }; console.log(x, r)',
    'h 2\n2 { y: 1 }',
  ],
  ['console.log("2024-01-31".replace(/(?<y>\\d+)-(\\d+)/u, "$2/$<y>"))', '01/2024-31'],
  ['console.log(1); null.x', '1\nTypeError'],
  ['x; let x = 1', 'ReferenceError'],
  ['const a = 1; a = 2', 'TypeError'],
  ['let a = 1; let a = 2', 'SyntaxError'],
  ['notDefinedAnywhere', 'ReferenceError'],
  ['class E extends Error { name = "Mine" } throw new E("no")', 'Mine'],
  [
    'var fns = []; for (var i = 0; i < 3; i++) fns.push(() => i); console.log(fns.map((f) => f()))',
    '[ 3, 3, 3 ]',
  ],
])('prints what Node prints: %s', async (code, printed) => {
  expect(await run(code)).toBe(printed)
})

test.each<[code: string, printed: string]>([
  [
    'setTimeout(() => console.log("t")); Promise.resolve().then(() => console.log("p")); queueMicrotask(() => console.log("q")); console.log("s")',
    's\np\nq\nt',
  ],
  [
    'setTimeout(() => console.log(2), 20); setTimeout(() => console.log(1), 10); setTimeout(() => console.log(0))',
    '0\n1\n2',
  ],
  ['setTimeout((a, b) => console.log(a + b), 5, 1, 2)', '3'],
  ['const t = setTimeout(() => console.log("never"), 5); clearTimeout(t); console.log("end")', 'end'],
  [
    'let n = 0; const t = setInterval(() => { console.log(++n); if (n === 3) clearInterval(t) }, 50)',
    '1\n2\n3',
  ],
  [
    'setTimeout(() => { console.log(1); Promise.resolve().then(() => console.log(2)) }); setTimeout(() => console.log(3))',
    '1\n2\n3',
  ],
  ['setTimeout(() => console.log("late"), 100_000_000)', 'late'],
  ['(async () => { console.log(1); await null; console.log(3) })(); console.log(2)', '1\n2\n3'],
  ['console.log(await Promise.all([1, Promise.resolve(2)]))', '[ 1, 2 ]'],
  ['new Promise(() => {}).then(() => console.log("never")); console.log("end")', 'end'],
  ['(async () => { for await (const x of [1, Promise.resolve(2)]) console.log(x) })()', '1\n2'],
  ['setTimeout(() => { null.x }); setTimeout(() => console.log("never"), 5)', 'TypeError'],
])('runs promises and timers in the order of Node: %s', async (code, printed) => {
  expect(await run(code)).toBe(printed)
})

test.each<[code: string, printed: string]>([
  ['enum Level { Low, High = 5, Top } console.log(Level.Top, Level[5])', '6 High'],
  [
    'class P { constructor(private x: number, readonly y = 2) {} sum() { return this.x + this.y } } console.log(new P(1).sum())',
    '3',
  ],
  ['namespace N { export const a: number = 1 } console.log(N.a as unknown as string)', '1'],
  ['const f = <T,>(x: T): T => x; interface I { a: 1 } console.log(f<I>({ a: 1 })!.a satisfies number)', '1'],
])('runs TypeScript: %s', async (code, printed) => {
  expect(await run(code, true)).toBe(printed)
})
