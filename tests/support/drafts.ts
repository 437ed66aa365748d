import type { Authored } from '../../src/authoring/authored.ts'

/** A challenge that breaks no rule. */
export const good: Authored = {
  question: 'What does this code print?',
  code: 'console.log([1, 2].map((n) => n * 2).join())',
  explanation: '`map` doubles each element, and `join` puts commas between them.',
  answer: '2,4',
  prints: true,
  distractors: toDistractors(['1,2', '[2, 4]', 'undefined']),
}

type Change = Partial<Authored>

export const options = (answer: string, ...distractors: string[]): Change => ({
  answer,
  distractors: toDistractors(distractors),
})

/** Changes that put `text` in place of the answer, beside distractors of its length, and of a distractor. */
export const option = (text: string): Change[] => [
  options(text, ...['one', 'two', 'three'].map((word) => word.padEnd(Math.min(text.length, 300), '-'))),
  options('one', 'two', 'three', text),
]

/** Changes that put `text` in place of each part of a challenge. */
export const everywhere = (text: string): Change[] => [
  { question: text },
  { code: text },
  { explanation: text },
  ...option(text),
]

export function toDistractors(texts: string[]): Authored['distractors'] {
  return texts.map((text) => ({ text, misconception: null }))
}
