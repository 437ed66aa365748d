import { afterAll, expect, test } from 'bun:test'
import { missing } from '../../src/authoring/run/missing.ts'
import { temporaryFolder } from '../support/folder.ts'
import { createPatientSandbox } from '../support/sandbox.ts'

const sandbox = createPatientSandbox()
afterAll(() => sandbox[Symbol.asyncDispose]())

test('the list of missing names has every global name and method that Bun has and the sandbox lacks', async () => {
  const builtins = [Object, Function, Array, String, Number, Boolean, Symbol, BigInt, RegExp, Promise, Error]
  const more = [Iterator, AggregateError, Map, Set, WeakMap, WeakSet, ArrayBuffer, DataView, Uint8Array]
  const owners = [...builtins, ...more].flatMap(({ name, prototype }) => [
    [name, Object.getOwnPropertyNames(Reflect.get(globalThis, name))],
    [`${name}.prototype`, Object.getOwnPropertyNames(prototype)],
  ])
  const namespaces = Object.entries({ Math, JSON, Reflect }).map(([name, object]) => [
    name,
    Object.getOwnPropertyNames(object),
  ])
  // A process of its own has no globals of the test runner and of other tests.
  using folder = temporaryFolder()
  const file = `${folder.path}/globals.js`
  await Bun.write(file, 'console.log(JSON.stringify(Object.getOwnPropertyNames(globalThis)))')
  const globals = JSON.parse(Bun.spawnSync([process.execPath, file]).stdout.toString())
  const all = [...owners, ...namespaces, ['globalThis', globals]]
  const source = `for (const [path, names] of ${JSON.stringify(all)}) {
    const owner = path.split('.').reduce((object, name) => object[name], globalThis)
    for (const name of names) if (!Object.hasOwn(owner, name)) console.log(path, name)
  }`

  expect(Object.keys(missing).length).toBeGreaterThan(5)
  const job = { source, expressionOnly: false, typescript: false }
  const outcomes = await sandbox.run(job, new AbortController().signal)
  expect(outcomes?.[0]?.lines).toEqual([])
})
