import { afterAll, expect, test } from 'bun:test'
import { lint } from '../../src/authoring/lint.ts'
import { expectFreeBankChallenge, readOutput } from '../support/authoring.ts'
import { everywhere, good } from '../support/drafts.ts'
import { completion, goodChallenge, startModel } from '../support/model.ts'
import { type Server, startServer } from '../support/server.ts'
import { useServer } from '../support/shared-server.ts'

const size = 240_000
const flood = (text: string) => text.repeat(size / Buffer.byteLength(text))

/** Texts of 240 KB, each of which is slow to process in one way or another. */
const texts: [string, string][] = [
  ['combining marks out of order', `a${'\u0301'.repeat(60_000)}${'\u0323'.repeat(59_000)}`],
  ['combining marks, thirty at a time', flood(`a${'\u0301'.repeat(15)}${'\u0323'.repeat(15)}`)],
  ['a fence that is nearly closed', `${'`'.repeat(size / 2)}\n${'`'.repeat(size / 2 - 1)}`],
  ['ligatures that decompose', flood('\ufdfa')],
  ['emoji', flood('👩‍👩‍👧')],
  ['lone surrogates', '\ud800'.repeat(size / 7)],
  ['spaces', flood(' ')],
  ['newlines', '\n'.repeat(size / 3)],
  ['brackets', flood('[')],
  ['tags that are opened', flood('<a ')],
  ['comments that are opened', flood('<!--')],
  ['words about code', flood('the following ')],
]

/** Whole answers of 240 KB. */
const answers: [string, string][] = [
  ['10 000 distractors', changed(JSON.stringify(Array.from({ length: 10_000 }, (_, n) => `o${n}`)))],
  ['40 000 distractors of one letter', changed(`["a"${',"a"'.repeat(size / 6)}]`)],
  ['lists in lists', changed('['.repeat(size / 2) + ']'.repeat(size / 2))],
  ['objects in objects', changed(`${'{"a":'.repeat(size / 8)}0${'}'.repeat(size / 8)}`)],
  ['18 000 other members', changed(`[],${Array.from({ length: 18_000 }, (_, n) => `"k${n}":0`).join()}`)],
  ['opening braces', flood('{')],
  ['thoughts and braces', flood('</think>{')],
  ...texts.slice(0, 3),
]

/** A good answer with this text in place of the distractors. */
function changed(distractors: string): string {
  return JSON.stringify({ ...goodChallenge(), distractors: [] }).replace('[]', () => distractors)
}

/** The longest response time of `/health` during `work`, in milliseconds. */
async function longestSilence(server: Server, work: Promise<unknown>): Promise<number> {
  let longest = 0
  let working = true
  const ended = work.finally(() => {
    working = false
  })
  while (working) {
    const asked = performance.now()
    expect((await server.fetch('/health')).status).toBe(200)
    longest = Math.max(longest, performance.now() - asked)
    await Bun.sleep(1)
  }
  await ended
  return longest
}

let user = 0

/** Expects that other requests are served while a new user gets a challenge of the bank. */
async function expectHealthy(server: Server) {
  const silence = await longestSilence(server, expectFreeBankChallenge(server, `user_${user++}`))

  // Work that grows faster than the text takes 30 seconds and more.
  expect(silence).toBeLessThan(5000)
  expect(readOutput(server)).not.toContain('too_large')
}

const model = startModel()
afterAll(() => model[Symbol.asyncDispose]())
/** For texts that break a rule, which does not open the circuit breaker. */
const shared = useServer({ model })

test.each(texts)(
  'other requests are served while the model writes 240 KB of %s in place of a text',
  async (_, text) => {
    const changes = everywhere(text)
    for (const change of changes) expect<unknown>(lint({ ...good, ...change })).toBe('too_long')
    let asked = 0
    model.author = () => ({ ...goodChallenge(), ...changes[asked++] })

    await expectHealthy(shared())

    expect(asked).toBe(3)
  },
)

test.each(answers)(
  'other requests are served while the model answers with 240 KB of %s',
  async (_, answer) => {
    await using model = startModel()
    model.author = () => completion(answer)
    await using server = await startServer({ model })

    await expectHealthy(server)
  },
)

test.each(texts.slice(0, 3))(
  'other requests are served while the reviewer answers with 240 KB of %s',
  async (_, answer) => {
    await using model = startModel()
    model.review = () => ({ reason: '', answer })
    await using server = await startServer({ model, env: { REVIEW: 'on' } })

    await expectHealthy(server)
  },
)

test.each([31, 200, 800])('%i combining marks on one letter are rejected', (count) => {
  for (const change of everywhere(`a${'\u0301'.repeat(count)}`.slice(0, 290))) {
    expect(lint({ ...good, ...change })).toBe('unsafe_characters')
  }
})

test('thirty combining marks on one letter are accepted', () => {
  const change = { question: `What is a${'\u0301'.repeat(30)}?` }
  expect(lint({ ...good, ...change })).toBeUndefined()
})
