/** A printed value as plain data. The sandbox writes it as JSON; `reviveTrees` makes a value of it again. */
type Tree =
  | ['string', string]
  /** `number`, `bigint` or `symbol`, with the text that makes the value again. */
  | ['number' | 'bigint' | 'symbol', string]
  | ['undefined' | 'null' | 'true' | 'false']
  /** A value that was printed before in the same call, by the order of its first occurrence. */
  | ['again', number]
  /** An element that is `null` is a hole. */
  | ['array', (Tree | null)[]]
  | ['set', Tree[]]
  /** Keys and values in turn. */
  | ['map', Tree[]]
  /** The name of the class, `Object`, or an empty text without a prototype; then keys and values in turn. */
  | ['object', string, (string | Tree)[]]

/** Makes values that `node:util` formats as Node formats the values in the sandbox. */
export function reviveTrees(trees: Tree[]): unknown[] {
  const seen: object[] = []
  return trees.map((tree) => revive(tree, seen))
}

function revive(tree: Tree, seen: object[]): unknown {
  const remember = <T extends object>(value: T): T => {
    seen.push(value)
    return value
  }
  switch (tree[0]) {
    case 'string':
      return tree[1]
    case 'number':
      return Number(tree[1])
    case 'bigint':
      return BigInt(tree[1])
    case 'symbol':
      return Symbol(tree[1].slice('Symbol('.length, -1))
    case 'again':
      return seen[tree[1]]
    case 'array':
      return reviveArray(tree[1], remember([]), seen)
    case 'set':
      return tree[1].reduce((set, item) => set.add(revive(item, seen)), remember(new Set()))
    case 'map':
      return reviveMap(tree[1], remember(new Map()), seen)
    case 'object':
      return reviveMembers(tree[2], remember(createObject(tree[1])), seen)
    default:
      return { undefined: undefined, null: null, true: true, false: false }[tree[0]]
  }
}

function reviveArray(items: (Tree | null)[], array: unknown[], seen: object[]) {
  items.forEach((item, place) => {
    if (item) array[place] = revive(item, seen)
  })
  array.length = items.length
  return array
}

function reviveMap(items: Tree[], map: Map<unknown, unknown>, seen: object[]) {
  for (let place = 0; place + 1 < items.length; place += 2) {
    const key = revive(items[place] as Tree, seen)
    map.set(key, revive(items[place + 1] as Tree, seen))
  }
  return map
}

function reviveMembers(items: (string | Tree)[], object: object, seen: object[]) {
  for (let place = 0; place + 1 < items.length; place += 2) {
    const value = revive(items[place + 1] as Tree, seen)
    const property = { value, enumerable: true, configurable: true, writable: true }
    Object.defineProperty(object, items[place] as string, property)
  }
  return object
}

/** An object of a class with this name. */
function createObject(name: string): object {
  if (name === 'Object') return {}
  if (name === '') return Object.create(null)
  const Class = Object.defineProperty(class {}, 'name', { value: name })
  return new Class()
}
