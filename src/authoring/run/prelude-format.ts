export type Format = { toJson: (values: unknown[]) => string; isStyled: () => boolean }

/**
 * Returns a function that writes values as JSON of trees. The source of this function is evaluated inside the sandbox,
 * so it uses nothing but its parameter and globals. It keeps the built-in functions that it needs and works without
 * iterators and prototypes of lists, because the program may replace them. `doubt` is called for a value whose format
 * in Node is not known here.
 */
export function createFormat(doubt: () => void): Format {
  const { apply, ownKeys, getOwnPropertyDescriptor, getPrototypeOf } = Reflect
  const { setPrototypeOf, is } = Object
  const { isArray, prototype: arrayPrototype } = Array
  const global = globalThis
  const { stringify, text } = { stringify: JSON.stringify, text: String }
  const { toString: tagOf, isPrototypeOf: isPrototype } = Object.prototype
  const collections = {
    '[object Map]': { kind: 'map', prototype: Map.prototype, each: Map.prototype.forEach },
    '[object Set]': { kind: 'set', prototype: Set.prototype, each: Set.prototype.forEach },
  }
  const customInspection = Symbol.for('nodejs.util.inspect.custom')
  const none = list() as []

  let state = { styled: false, nodes: 0, seen: list(), seenCount: 0 }

  function list(...items: unknown[]): unknown[] {
    return setPrototypeOf(items, null)
  }

  /** Stands for a value whose format is not known. */
  function unknown() {
    doubt()
    return list('undefined')
  }

  function toTree(value: unknown, depth: number): unknown {
    if (++state.nodes > 1000) return unknown()
    switch (typeof value) {
      case 'string':
        return list('string', value)
      case 'number':
        return list('number', is(value, -0) ? '-0' : text(value))
      case 'bigint':
        return list('bigint', text(value))
      case 'symbol':
        state.styled = true
        return list('symbol', text(value))
      case 'undefined':
      case 'boolean':
        return list(text(value))
      default:
        return value === null ? list('null') : objectToTree(value as object, depth)
    }
  }

  function objectToTree(value: object, depth: number): unknown {
    for (let place = 0; place < state.seenCount; place++) {
      if (state.seen[place] !== value) continue
      state.styled = true
      return list('again', place)
    }
    state.seen[state.seenCount++] = value
    // Node prints nothing that is deeper.
    if (depth > 4) return list('object', 'Object', list())
    if (depth > 2) state.styled = true
    const prototype = getPrototypeOf(value)
    if (typeof value === 'function') return unknown()
    if (isArray(value)) return prototype === arrayPrototype ? arrayToTree(value, depth) : unknown()
    const tag = apply(tagOf, value, none)
    if (tag === '[object Map]' || tag === '[object Set]')
      return collectionToTree(value, collections[tag], depth)
    return tag === '[object Object]' && value !== global ? membersToTree(value, depth) : unknown()
  }

  function arrayToTree(value: unknown[], depth: number) {
    if (value.length > 100 || ownKeys(value).length > value.length + 1) return unknown()
    const items = list()
    for (let place = 0; place < value.length; place++) {
      const property = getOwnPropertyDescriptor(value, place)
      if (!property) state.styled = true
      if (property && !('value' in property)) return unknown()
      items[place] = property ? toTree(property.value, depth + 1) : null
    }
    return list('array', items)
  }

  function collectionToTree(
    value: object,
    { kind, prototype, each }: (typeof collections)['[object Map]' | '[object Set]'],
    depth: number,
  ) {
    state.styled = true
    if (getPrototypeOf(value) !== prototype || ownKeys(value).length > 0) return unknown()
    const items = list()
    let count = 0
    function add(item: unknown, key: unknown) {
      if (kind === 'map') items[count++] = toTree(key, depth + 1)
      items[count++] = toTree(item, depth + 1)
    }
    apply(each as () => void, value, list(add) as [])
    return count > 200 ? unknown() : list(kind, items)
  }

  function membersToTree(value: object, depth: number) {
    const name = classOf(value)
    if (name === undefined || customInspection in value) return unknown()
    if (name !== 'Object') state.styled = true
    const keys = ownKeys(value)
    const items = list()
    let count = 0
    for (let place = 0; place < keys.length; place++) {
      const property = getOwnPropertyDescriptor(value, keys[place] as string)
      if (!property?.enumerable) continue
      if (typeof keys[place] === 'symbol' || !('value' in property)) return unknown()
      items[count++] = keys[place]
      items[count++] = toTree(property.value, depth + 1)
    }
    return list('object', name, items)
  }

  /** The name that Node prints; empty for an object without a prototype. */
  function classOf(value: object): string | undefined {
    for (let at: object | null = value; at !== null; at = getPrototypeOf(at)) {
      const made = getOwnPropertyDescriptor(at, 'constructor')?.value
      if (typeof made !== 'function') continue
      const name = getOwnPropertyDescriptor(made, 'name')?.value
      if (
        typeof name === 'string' &&
        name !== '' &&
        apply(isPrototype, made.prototype, list(value) as [object])
      )
        return name
    }
    return getPrototypeOf(value) === null ? '' : undefined
  }

  return {
    toJson(values) {
      const trees = list()
      state = { styled: false, nodes: 0, seen: list(), seenCount: 0 }
      for (let place = 0; place < values.length; place++) trees[place] = toTree(values[place], 0)
      return stringify(trees)
    },
    /** Whether the last values were more than text, numbers, and plain lists and objects. */
    isStyled: () => state.styled,
  }
}
