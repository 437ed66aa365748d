import { expect, test } from 'bun:test'
import { DrizzleQueryError } from 'drizzle-orm/errors'
import { describeError } from '../../src/log.ts'

const comment = 'first line\nat my own words\n    at place (/home/me:1:2)'

test.each([
  ['an error of a statement', new DrizzleQueryError('update assignments', ['other', comment])],
  ['its cause', new Error('failed', { cause: new Error(comment) })],
  ['one of several errors', new AggregateError([new Error(comment)], 'failed')],
  ['an error whose message repeats', new Error(`${comment}\n${comment}`)],
])('the log has the stack of %s, without any line of its message', (_, error) => {
  const logged = JSON.stringify(describeError(error))
  expect(logged).toContain('logged-errors.test.ts')
  expect(logged).not.toMatch(/own words|place/)
})

test('the log has the stack of an error without a message', () => {
  expect(describeError(new Error()).at).toContainEqual(expect.stringContaining('logged-errors.test.ts'))
})
