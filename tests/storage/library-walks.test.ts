import { expect, test } from 'bun:test'
import {
  beginWalk,
  countCirculating,
  type Library,
  listPositions,
  selectLibraries,
  walkLibraries,
} from '../../src/store/library.ts'

const library = (more: Partial<Library> = {}): Library => ({
  id: 1,
  topic: 'go',
  size: 0,
  circulating: 0,
  walk: null,
  ...more,
})
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)
const ascending = (numbers: number[]) => numbers.toSorted((a, b) => a - b)

/** The positions of each library until all are visited, or the batches are used up. */
function walkAll(libraries: Library[]): Record<number, number[]> {
  const batches = [...walkLibraries(libraries)]
  return Object.fromEntries(
    libraries.map(({ id }) => [
      id,
      batches.flatMap(({ libraryId, positions }) => (libraryId === id ? positions : [])),
    ]),
  )
}

test('a walk visits every position once, whatever its size, and in a batch of any size', () => {
  for (const size of [1, 2, 3, 4, 6, 12, 30, 97, 360, 1024, 2310]) {
    for (let walks = 0; walks < 20; walks++) {
      const walk = beginWalk(5, size)
      expect(ascending(listPositions(walk, size + 1))).toEqual(range(5, 5 + size))
      const step = Math.floor(size / 2)
      const halves = [listPositions(walk, step), listPositions({ ...walk, step }, size)].flat()
      expect(halves).toEqual(listPositions(walk, size))
    }
  }
})

test('a walk through a great library is exact', () => {
  const size = 2 ** 31 - 1
  const walk = { first: 0, size, start: size - 1, stride: size - 2, step: size - 3 }
  const expected = (BigInt(size - 1) + BigInt(size - 3) * BigInt(size - 2)) % BigInt(size)
  expect(listPositions(walk, 1)).toEqual([Number(expected)])
})

test('the first draw is uniform over all positions of all libraries, and the second over the others', () => {
  const sizes = [1, 4, 15]
  const libraries = sizes.map((size, id) => library({ id, size }))
  const draws = 20_000
  const counts = new Map<string, number>()
  for (let n = 0; n < draws; n++) {
    const [batch] = walkLibraries(libraries)
    const drawn = `${batch?.libraryId} ${batch?.positions[0]}`
    counts.set(drawn, (counts.get(drawn) ?? 0) + 1)
  }

  expect(counts.size).toBe(20)
  // A thousand each; the standard deviation is 31.
  for (const count of counts.values()) expect(Math.abs(count - draws / 20)).toBeLessThan(200)

  const walked = library({ size: 8, walk: { ...beginWalk(0, 8), step: 7 } })
  const fresh = library({ id: 2, size: 3 })
  const firsts = Array.from({ length: 4000 }, () => [...walkLibraries([walked, fresh])][0]?.libraryId)
  expect(Math.abs(firsts.filter((id) => id === 1).length - 1000)).toBeLessThan(200)
})

test('the orders of two learners differ', () => {
  const orders = new Set(Array.from({ length: 50 }, () => listPositions(beginWalk(0, 1000), 20).join()))
  expect(orders.size).toBe(50)
})

test('a library that grew is walked on from the positions that were added', () => {
  const walk = { ...beginWalk(0, 10), step: 7 }
  const rest = ascending(listPositions(walk, 10))
  const visited = walkAll([library({ size: 25, walk })])[1] ?? []
  expect(ascending(visited.slice(0, 3))).toEqual(rest)
  expect(ascending(visited.slice(3))).toEqual(range(10, 25))
  expect(walkAll([library({ size: 10, walk: { ...walk, step: 10 } })])[1]).toEqual([])
})

test('one claim visits 4080 positions at most, and all of them if there are fewer', () => {
  const bounded = walkAll([library({ size: 1_000_000 })])[1] ?? []
  expect(bounded.length).toBe(new Set(bounded).size)
  expect(bounded.length).toBe(4080)
  const both = walkAll([library({ size: 30 }), library({ id: 2, size: 20 })])
  expect(ascending(both[1] ?? [])).toEqual(range(0, 30))
  expect(ascending(both[2] ?? [])).toEqual(range(0, 20))
})

test('a request gets the library of its topic, or without a topic those of the offered topics and of questions without a topic', () => {
  const libraries = ['', 'go', 'git', 'cobol'].map((topic) => library({ topic, circulating: 2 }))
  const topicsOf = (selected: Library[]) => selected.map(({ topic }) => topic)
  expect(topicsOf(selectLibraries(libraries, 'git', ['go', 'git']))).toEqual(['git'])
  expect(topicsOf(selectLibraries(libraries, undefined, ['go', 'git']))).toEqual(['', 'go', 'git'])
  expect(countCirculating(libraries)).toBe(8)
})
