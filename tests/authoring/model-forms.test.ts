import { afterAll, expect, test } from 'bun:test'
import { completion, goodChallenge, startModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'

const model = startModel()
const server = await startServer({ model, env: { REVIEW: 'on' } })
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await model[Symbol.asyncDispose]()
})

const draft = JSON.stringify({ ...goodChallenge(), answer: 'a draft', reason: 'a draft' })
const escaped = (json: string) => JSON.stringify(json)
const calls = (called: object) => ({ tool_calls: [{ id: 'c', type: 'function', function: called }] })
const pretty = (json: string) => JSON.stringify(JSON.parse(json), null, 2)

/** Forms of one text, which stands in `content`. */
const texts: [form: string, text: (json: string) => string][] = [
  ['alone', (json) => json],
  ['with a byte order mark', (json) => `\ufeff${json}`],
  ['in a fence', (json) => `\`\`\`json\n${pretty(json)}\n\`\`\``],
  ['in a fence that does not end', (json) => `\`\`\`\n${json}`],
  [
    'among words with braces',
    (json) => `About \`f() { return 1 }\` and {x: 1}:\n\n\`\`\`json\n${json}\n\`\`\`\nHope it helps {smile}`,
  ],
  ['twice', (json) => `${json}\n${json}`],
  ['before a token of the model', (json) => `${json}<|im_end|>\n{`],
  ['in one member', (json) => `{"challenge":${json}}`],
  ['in two members', (json) => `{"result":{"data":${json}}}`],
  ['beside another member', (json) => `{"name":"challenge","arguments":${json}}`],
  ['as a text in a member', (json) => `{"name":"challenge","arguments":${escaped(json)}}`],
  ['in an array', (json) => `[${json}]`],
  ['as a JSON string', escaped],
  ['as a JSON string in a JSON string', (json) => escaped(escaped(json))],
  ['after a thinking tag', (json) => `<think>\nA dict {"a": 1}? No: {</think>\n${json}`],
  ['after a tag of another name', (json) => `<thought>use {braces}</thought>${json}`],
  ['after a tag with a draft', (json) => `<reasoning>${draft}</reasoning>${json}`],
  ['after a tag with half a string', (json) => `<thinking>{"a": "oops, </thinking>${json}`],
  ['after a tag that only ends', (json) => `Hm, {"question": …\n</seed:think>\n${json}`],
  ['after a tag that does not end', (json) => `<think>\nuse {braces}\n${json}`],
  ['after two tags', (json) => `<plan>${draft}</plan><draft>${draft}</draft><answer>${json}</answer>`],
  ['after brackets of Magistral', (json) => `[THINK]${draft}[/THINK]${json}`],
  ['after marks of Kimi', (json) => `◁think▷${draft}◁/think▷${json}`],
  [
    'in the final channel of gpt-oss',
    (json) =>
      `<|channel|>analysis<|message|>We need {like this} ${draft}<|end|><|start|>assistant<|channel|>final<|message|>${json}`,
  ],
  ['with trailing commas', (json) => pretty(json).replace(/([\]"])\n(\s*\})/g, '$1,\n$2')],
  ['with missing commas', (json) => pretty(json).replaceAll(',\n', '\n')],
  ['with comments', (json) => pretty(json).replaceAll(',\n', ', // so\n/* and */')],
  ['with names without quotes', (json) => json.replace(/"(\w+)":/g, '$1:')],
  ['in single quotes', (json) => json.replaceAll("'", "\\'").replace(/(?<!\\)"/g, "'")],
  ['without its last brace', (json) => json.slice(0, -1)],
]

/** Forms of a message, with a reason to stop. */
const messages: [form: string, message: (json: string) => object, reason?: string][] = [
  ['in reasoning_content', (json) => ({ content: '', reasoning_content: json })],
  ['in reasoning_content, without content', (json) => ({ content: null, reasoning_content: json })],
  ['in reasoning, beside blank content', (json) => ({ content: '\n', reasoning: `So: ${json}` })],
  ['in a text part', (json) => ({ content: [{ type: 'text', text: json }] })],
  ['in an output_text part', (json) => ({ content: [{ type: 'output_text', text: json }] })],
  [
    'in two text parts',
    (json) => ({ content: [json.slice(0, 9), json.slice(9)].map((text) => ({ type: 'text', text })) }),
  ],
  [
    'in a text part after a thinking part',
    (json) => ({
      content: [
        { type: 'thinking', thinking: [{ type: 'text', text: `hm {x} ${draft}` }] },
        { type: 'text', text: json },
      ],
    }),
  ],
  [
    'in a tool call',
    (json) => ({ content: null, ...calls({ name: 'challenge', arguments: json }) }),
    'tool_calls',
  ],
  ['in a tool call, as an object', (json) => ({ ...calls({ arguments: JSON.parse(json) }) }), 'tool_calls'],
  ['in a tool call, twice encoded', (json) => ({ ...calls({ arguments: escaped(json) }) }), 'tool_calls'],
  ['in a function call', (json) => ({ content: null, function_call: { arguments: json } }), 'function_call'],
  ['in a tool call beside words', (json) => ({ content: 'Here:', ...calls({ arguments: json }) })],
]

type Form = [form: string, respond: (json: string) => Response]
const forms: Form[] = [
  ...texts.map(([form, text]): Form => [form, (json) => completion(text(json))]),
  ...messages.map(([form, message, reason = 'stop']): Form => {
    return [form, (json) => completion(null, { finish_reason: reason }, message(json))]
  }),
]

let user = 0

test.each(forms)('an answer %s is read, of the author and of the reviewer', async (_, respond) => {
  // Code with what confuses readers: braces, a closing tag, quotes, a backslash.
  const code = 'const a = {"b": "</think>"}; f(\'{\', /\\d/)'
  const challenge = { ...goodChallenge(), code, explanation: 'First line.\nSecond: {"answer": 1}, "so".' }
  model.author = () => respond(JSON.stringify(challenge))
  model.review = () => respond(JSON.stringify({ reason: 'Since `{`.', answer: challenge.answer }))

  const { body } = await server.generate(`user_${++user}`)

  expect(body).toMatchObject({ source: 'ai', explanation: challenge.explanation })
  expect(body.title).toStartWith(`${challenge.question}\n`)
  expect(body.title).toContain(`\n${code}\n`)
  expect(body.options.toSorted()).toEqual([challenge.answer, ...challenge.distractors].toSorted())
  expect(body.options[body.correct_answer_id]).toBe(challenge.answer)
})
