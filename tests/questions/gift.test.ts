import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { type GIFTQuestion, parse } from 'gift-pegjs'
import { createGiftWriter } from '../../src/commands/questions-gift.ts'
import type { StoredQuestion } from '../../src/store/catalogue.ts'

const question = (more: Partial<StoredQuestion> = {}): StoredQuestion => ({
  ...{ id: 12, difficulty: 'hard', topic: 'csharp', language: 'csharp', title: 'What is `x`?' },
  ...{ options: ['one', 'two', 'three', 'four'], correctAnswerId: 2, explanation: 'Because.' },
  ...{
    optionNotes: ['no', 'not', null, 'never'],
    source: 'ai',
    bankId: null,
    state: 'circulating',
    dateCreated: 0,
  },
  ...more,
})

type Choice = {
  isCorrect: boolean
  text: { format: string; text: string }
  feedback: { text: string } | null
}
type Read = {
  type: string
  title: string
  stem: { format: string; text: string }
  choices: Choice[]
  globalFeedback: { format: string; text: string }
}

/** Reads GIFT with the parser of another project. */
function read(text: string): Read[] {
  return parse(text) as (GIFTQuestion & unknown)[] as Read[]
}

test('a question has its title in Markdown, options as plain text, their notes, and its explanation', () => {
  const [category, item] = read(createGiftWriter()(question()))
  expect(category).toMatchObject({ type: 'Category', title: 'Coding challenges/C#/hard' })
  expect(item).toMatchObject({
    ...{ type: 'MC', title: 'Question 12', stem: { format: 'markdown', text: 'What is `x`?' } },
    globalFeedback: { format: 'markdown', text: 'Because.' },
    choices: [
      { isCorrect: false, text: { format: 'plain', text: 'one' }, feedback: { text: 'no' } },
      { isCorrect: false, text: { format: 'plain', text: 'two' }, feedback: { text: 'not' } },
      { isCorrect: true, text: { format: 'plain', text: 'three' }, feedback: null },
      { isCorrect: false, text: { format: 'plain', text: 'four' }, feedback: { text: 'never' } },
    ],
  })
})

test('a category stands before the first question of each topic and difficulty', () => {
  const toGift = createGiftWriter()
  const text = [question(), question({ id: 13 }), question({ id: 14, topic: null }), question({ id: 15 })]
    .map(toGift)
    .join('')
  expect(read(text).map(({ title }) => title)).toEqual([
    'Coding challenges/C#/hard',
    'Question 12',
    'Question 13',
    'Coding challenges/Other/hard',
    'Question 14',
    'Coding challenges/C#/hard',
    'Question 15',
  ])
})

test('each question is one block without an empty line, and no line of a text begins one', () => {
  const text = createGiftWriter()(
    question({
      title: 'Q?\n\n```js\n// a comment\n$CATEGORY: x\r\n\r\n::y::{=1}\n```',
      explanation: 'A\n\nB',
    }),
  )
  const lines = text.trimEnd().split('\n')
  expect(lines.slice(1).filter((line) => line === '')).toHaveLength(1)
  for (const line of lines.slice(2)) expect(line).toMatch(/^(::Question 12::|\t[=~#]|\})/)
})

/** Texts of the characters and words that have a meaning in GIFT. */
const hostile = fc
  .array(
    fc.constantFrom(
      ...['~', '=', '#', '{', '}', ':', '\\', '\n', '\n\n', '%', '[', ']', '->', '//', '$CATEGORY:'],
      ...['\\n', '\\\\', '####', '::', '%50%', '[html]', '`', 'a', 'ü', '🙈', ' ', '"', '<b>'],
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => `x${parts.join('')}x`)
/** The parser of the test, unlike Moodle, makes one blank of several in plain text. */
const toPlain = (text: string) => text.replace(/\s\s+/g, ' ')

test('texts with any characters are read back as they were', () => {
  fc.assert(
    fc.property(
      hostile,
      fc.tuple(hostile, hostile, hostile, hostile),
      hostile,
      (title, options, explanation) => {
        const notes = [title, explanation, null, title]
        const given = question({ title, options: [...options], explanation, optionNotes: notes })
        const [, item] = read(createGiftWriter()(given))
        expect(item?.stem.text).toBe(title)
        expect(item?.globalFeedback.text).toBe(explanation)
        expect(item?.choices.map(({ feedback }) => feedback?.text ?? null)).toEqual(notes)
        expect(item?.choices.map(({ text }) => toPlain(text.text))).toEqual(options.map(toPlain))
      },
    ),
    { numRuns: 300 },
  )
})

test.each(['[1, 2]', '%50%', '=x', '~x', '-> y', '// z', 'T', 'TRUE', '{}', '#', '\\n', '[html]<b>'])(
  'the option %p is read back as it was',
  (option) => {
    const [, item] = read(createGiftWriter()(question({ options: [option, 'b', 'c', 'd'] })))
    expect(item?.choices[0]?.text).toEqual({ format: 'plain', text: option })
  },
)
