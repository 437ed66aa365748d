import { shuffle } from './shuffle.ts'

/**
 * Returns a function that draws each item once in random order, then all of them again. No item is drawn twice in a
 * row, unless there is only one.
 * @param items At least one item.
 */
export function createBag<Item>(items: readonly Item[]): () => Item {
  let left: Item[] = []
  let last: Item | undefined
  return () => {
    if (left.length === 0) {
      left = shuffle(items)
      if (left.length > 1 && left.at(-1) === last) left.reverse()
    }
    last = left.pop() as Item
    return last
  }
}
