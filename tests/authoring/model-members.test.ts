import { afterAll, expect, test } from 'bun:test'
import { type Authored, completion, goodChallenge, startModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'

const model = startModel()
const server = await startServer({ model, env: { REVIEW: 'on' } })
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await model[Symbol.asyncDispose]()
})

let user = 0
const generate = async () => (await server.generate(`user_${++user}`)).body

/** Answers with this text, and lets the reviewer agree. */
function write(text: string, answer: string) {
  model.author = () => completion(text)
  model.review = () => ({ reason: 'Solved.', answer })
}

const named = ([first, second, third]: unknown[]) => ({ first, second, third })
const full = (text: string) => ({ misconception: `Why ${text}.`, text })

test.each<[string, (challenge: Authored) => object]>([
  ['distractors by name', ({ distractors }) => ({ distractors: named(distractors.map(full)) })],
  ['distractors by other names', ({ distractors: [a, b, c] }) => ({ distractors: { 1: a, 2: b, 3: c } })],
  ['plain distractors by name', ({ distractors }) => ({ distractors: named(distractors) })],
  ['an array of distractors', ({ distractors }) => ({ distractors: distractors.map(full) })],
  ['distractors of mixed kinds', ({ distractors: [a, b, c = ''] }) => ({ distractors: [a, b, full(c)] })],
  [
    'distractors whose text is called option',
    ({ distractors }) => ({ distractors: distractors.map((option) => ({ option, reason: null })) }),
  ],
  [
    'numbers for texts',
    ({ answer, distractors }) => ({ answer: +answer, distractors: distractors.map(Number) }),
  ],
  ['an answer like a distractor', ({ answer }) => ({ answer: { text: answer } })],
  ['no member code', () => ({ code: undefined })],
  ...['', ' ', 'null', 'None', 'N/A', 'none', 'NULL'].map((code): [string, () => object] => [
    `the code "${code}"`,
    () => ({ code }),
  ]),
  ['prints as a word', () => ({ prints: 'False' })],
  ['prints null', () => ({ prints: null })],
  ['other members', () => ({ language: 'none', id: 7, tags: ['x'] })],
])('an author that writes %s is understood', async (_, change) => {
  const challenge = goodChallenge()
  write(JSON.stringify({ ...challenge, ...change(challenge) }), challenge.answer)

  const body = await generate()

  expect(body).toMatchObject({ source: 'ai', title: challenge.question })
  expect(body.options.toSorted()).toEqual([challenge.answer, ...challenge.distractors].toSorted())
  expect(body.options[body.correct_answer_id]).toBe(challenge.answer)
})

const spelled: [string, string, string[]][] = [
  [
    'numbers',
    '7.0, "distractors": [7, 1e3, 12345678901234567890]',
    ['7.0', '7', '1e3', '12345678901234567890'],
  ],
  ['words of JSON', 'true, "distractors": [false, "1", 0]', ['true', 'false', '1', '0']],
  ['words of Python', 'True, "distractors": [False, "1", 0]', ['True', 'False', '1', '0']],
  ['unknown escapes', '"\\d", "distractors": ["\\w", "\\s", "\\$"]', ['\\d', '\\w', '\\s', '\\$']],
  ['known escapes', '"\\u0041\\/\\"", "distractors": ["a", "b", "c"]', ['A/"', 'a', 'b', 'c']],
  ['unescaped quotes', '"an "x"", "distractors": ["c", "d", "e"]', ['an "x"', 'c', 'd', 'e']],
  ['newlines of Windows', '"a\\r\\nb", "distractors": ["c", "d\\re", "f"]', ['a\nb', 'c', 'd\ne', 'f']],
  ['raw tabs', '"a\tb", "distractors": ["c", "d", "e"]', ['a\tb', 'c', 'd', 'e']],
]

test.each(spelled)('options are served as the author spells them: %s', async (_, text, options) => {
  const { question, explanation } = goodChallenge()
  const [answer = ''] = options
  write(`{"question": "${question}", "explanation": "${explanation}", "answer": ${text}}`, answer)

  const body = await generate()

  expect(body.source).toBe('ai')
  expect(body.options.toSorted()).toEqual(options.toSorted())
  expect(body.options[body.correct_answer_id]).toBe(answer)
})

test.each([2, 4])('a challenge with %i distractors is rejected by the lint', async (count) => {
  const distractors = Array.from({ length: count }, (_, n) => `other ${n}`)
  write(JSON.stringify({ ...goodChallenge(), distractors }), '')

  expect((await generate()).source).toBe('bank')
  expect(server.lines.at(-2)).toMatchObject({ outcome: 'option_count' })
})

const agreeing: [string, (answer: string) => object][] = [
  ['without a reason', (answer) => ({ answer })],
  ['with a number', (answer) => ({ reason: 'Added.', answer: +answer })],
  ['with a reason after it', (answer) => ({ answer, reason: 3 })],
  ['in another case of blanks', (answer) => ({ reason: '', answer: ` ${answer}\n` })],
  ['in backticks', (answer) => ({ reason: '', answer: `\`${answer}\`` })],
  ['in quotes', (answer) => ({ reason: '', answer: `"${answer}"` })],
  ['with a period', (answer) => ({ reason: '', answer: `${answer}.` })],
]

test.each(agreeing)('a reviewer that gives the answer %s agrees', async (_, verdict) => {
  const challenge = goodChallenge()
  model.author = () => challenge
  model.review = () => verdict(challenge.answer)

  expect(await generate()).toMatchObject({ source: 'ai', title: challenge.question })
})
