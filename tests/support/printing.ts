import { goodChallenge, type Model, type ModelRequest } from './model.ts'

let written = 0

/** A question in JavaScript whose code prints the answer, or another answer. */
export function printingChallenge(answer?: string) {
  const n = ++written
  return {
    question: `What does program ${n} print?`,
    code: `console.log([${n}, 2].map((x) => x * 2).join('-'))`,
    prints: true,
    explanation: 'It doubles both.',
    answer: answer ?? `${2 * n}-4`,
    distractors: [`${n}-2`, `${2 * n}4`, `${n}-4`],
  }
}

const isJavaScript = ({ body }: ModelRequest) =>
  /^Language: javascript\.$/m.test(body.messages.at(-1)?.content ?? '')

/** Lets the model write questions in JavaScript, and nothing acceptable in other languages. */
export function writeJavaScript(model: Model, write: () => object = printingChallenge) {
  const asked = { times: 0 }
  model.author = (request) => {
    if (!isJavaScript(request)) return { ...goodChallenge(), answer: '' }
    asked.times++
    return write()
  }
  return asked
}
