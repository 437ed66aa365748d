import { expect } from 'bun:test'
import type { Authored } from '../../src/authoring/authored.ts'
import { isNearRepeat } from '../../src/authoring/likeness.ts'
import { toQuestion } from '../../src/authoring/question.ts'
import type { KnownQuestion } from '../../src/authoring/sketch.ts'
import { good, options } from './drafts.ts'

export type Change = Partial<Authored>

export const toKnown = (authored: Authored, language: string | null = 'js'): KnownQuestion =>
  toQuestion(authored, { difficulty: 'easy', topic: 'javascript', language, fingerprint: '' })

export const prose = (question: string, ...texts: [string, string, string, string]): Change => ({
  question,
  code: null,
  ...options(...texts),
})
export const code = (text: string, question = 'What does this code print?'): Change => ({
  question,
  code: text,
})

/** Whether each of two questions is a near repeat of the other. Their options differ unless they are given. */
export function isRepeat(first: Change, second: Change): boolean {
  const [a, b] = [
    { ...good, ...options('a', 'b', 'c', 'd'), ...first },
    { ...good, ...options('e', 'f', 'g', 'h'), ...second },
  ]
  const [forth, back] = [isNearRepeat(a, [toKnown(b)]), isNearRepeat(b, [toKnown(a)])]
  expect(forth).toBe(back)
  return forth
}

export const costs = ['O(n)', 'O(1)', 'O(log n)', 'O(n^2)'] as const
export const sort = 'What is the worst-case time complexity of quicksort?'
export const loop = 'let total = 0\nfor (const n of [1, 2, 3]) total += n\nconsole.log(total)'
export const closure =
  'def outer(x):\n    def inner(y):\n        return x + y\n    return inner\n\nprint(outer(2)(3))'
export const select = 'SELECT name FROM users WHERE age > 30 ORDER BY name'
