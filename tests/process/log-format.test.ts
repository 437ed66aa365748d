import { expect, test } from 'bun:test'
import { createLog, describeError } from '../../src/log.ts'
import { chooseLogFormat, toJsonLine, toTextLine } from '../../src/log-format.ts'

/** The output of a log for people, without the time. */
function written(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = []
  write(createLog('info', { write: (line) => void lines.push(line), format: toTextLine }, () => 0))
  return lines.join('').replace(/^\d\d:\d\d:\d\d {2}/gm, '')
}

test('only a terminal in development gets lines for people', () => {
  expect(chooseLogFormat({ production: false, isTTY: true })).toBe(toTextLine)
  expect(chooseLogFormat({ production: false, isTTY: false })).toBe(toJsonLine)
  expect(chooseLogFormat({ production: true, isTTY: true })).toBe(toJsonLine)
})

test('a line for people has the local time, the level, and the message or the request', () => {
  const request = {
    method: 'GET',
    path: '/api/quota',
    status: 200,
    ms: 3.1,
    requestId: 'r1',
    userId: 'user_1',
  }
  const refused = {
    method: 'GET',
    path: '/api/quota',
    status: 401,
    ms: 0.2,
    requestId: 'r2',
    refused: 'expired',
  }

  expect(
    written((log) => {
      log.info('listening on http://127.0.0.1:8000/')
      log.info(request, 'request')
      log.info(refused, 'request')
      log.warn({ model: 'test', fault: 'timeout', nothing: undefined }, 'the model failed')
    }),
  ).toBe(
    [
      'info   listening on http://127.0.0.1:8000/',
      'info   GET /api/quota 200  3.1 ms  user_1',
      'info   GET /api/quota 401  0.2 ms  refused=expired',
      'warn   the model failed  model=test  fault=timeout',
      '',
    ].join('\n'),
  )
})

test('the frames of an error stand below its line, and control characters are escaped', () => {
  const lines = written((log) =>
    log.error({ ...describeError(new Error('x')), text: '\x1b[2J\n' }, 'it failed'),
  ).split('\n')

  expect(lines[0]).toBe('error  it failed  error=Error  text="\\u001b[2J\\n"')
  expect(lines[1]).toMatch(/^ {11}at .*log-format\.test\.ts/)
})
