import type { Host } from './prelude.ts'

/**
 * Lets the program cause doubt when it uses a name that only other engines have, or a function whose result differs by
 * engine, place or time. Evaluated inside the sandbox, like `createFormat`, and last.
 */
export function installTraps({ doubt }: Host, missing: Record<string, string>) {
  const { apply, defineProperty } = Reflect
  const properties = { configurable: true, enumerable: false }

  function trap(owner: object, name: string, value?: unknown) {
    const set = function (this: object, next: unknown) {
      defineProperty(this, name, { value: next, writable: true, enumerable: true, configurable: true })
    }
    const get = () => {
      doubt()
      return value
    }
    Object.defineProperty(owner, name, { ...properties, get, set })
  }

  /** Replaces a method with one that does the same and causes doubt. */
  function distrust(owner: object, name: string) {
    const method = Reflect.get(owner, name)
    if (typeof method !== 'function') return
    const value = function (this: unknown, ...values: unknown[]) {
      doubt()
      return apply(method, this, values)
    }
    Object.defineProperty(owner, name, { ...properties, value, writable: true })
  }

  trap(globalThis, 'Date', Date)
  distrust(Math, 'random')
  for (const type of [Object, Array, Number, BigInt, String])
    for (const name of ['toLocaleString', 'toLocaleUpperCase', 'toLocaleLowerCase', 'localeCompare'])
      if (Object.hasOwn(type.prototype, name)) distrust(type.prototype, name)
  for (const [path, names] of Object.entries(missing)) {
    const [global = '', prototype] = path.split('.')
    const whole = Reflect.get(globalThis, global)
    const owner = prototype ? whole.prototype : whole
    for (const name of names.split(/\s+/)) if (!Object.hasOwn(owner, name)) trap(owner, name)
  }
  trap(globalThis, 'Proxy', Proxy)
  // `InternalError` exists in QuickJS only, for its own bounds.
  const { InternalError } = globalThis as unknown as { InternalError: ErrorConstructor }
  trap(InternalError.prototype, 'name', 'InternalError')
  Reflect.deleteProperty(globalThis, 'InternalError')
}
