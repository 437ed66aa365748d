import { expect, test } from 'bun:test'
import { limits } from '../../src/limits.ts'
import { type Problem, problems } from '../../src/problem.ts'
import { createKeys } from '../support/clerk.ts'
import { day, hour, noon } from '../support/clock.ts'
import { provocations, useProvocations } from '../support/every-status.ts'
import {
  type Answer,
  askWithCreditInUse,
  askWithoutCredits,
  loseDatabase,
  read,
  startAnd,
  useRequests,
} from '../support/refused-requests.ts'

type Provoked = { problem: Problem; answer: () => Promise<Answer> }

const { post, get, signIn, signInWith, deliver, sendRaw } = useRequests()
const provoke = useProvocations()
const json = { 'content-type': 'application/json' }

const provokeCode = (code: string) =>
  read(provoke(provocations.find((one) => one.code === code) ?? { status: 0, path: '' }))

/** Each entry of the catalogue with a request that provokes it, or the reason why no request provokes it here. */
const catalogue: Record<keyof typeof problems, Provoked | string> = {
  missingBody: { problem: problems.missingBody(), answer: () => post() },
  malformedJson: { problem: problems.malformedJson(), answer: () => post('{') },
  nestedTooDeep: { problem: problems.nestedTooDeep(), answer: () => post('['.repeat(65) + ']'.repeat(65)) },
  unreadableBody: 'The connection is broken, so the client gets no answer.',
  trailerFields: {
    problem: problems.trailerFields(),
    answer: () =>
      sendRaw('POST', '/api/generate-challenge', { ...json, 'transfer-encoding': 'chunked', trailer: 'x' }),
  },
  connectionClosed:
    'Bun has closed the connection with an answer of its own (tests/http/request-ends.test.ts).',
  ambiguousPath: { problem: problems.ambiguousPath(), answer: () => sendRaw('GET', '/x/../api/quota', {}) },
  invalidValue: {
    problem: problems.invalidValue('limit', 'a whole number from 1 to 500'),
    answer: () => get('/api/my-history?limit=501'),
  },
  eventWithoutType: { problem: problems.eventWithoutType(), answer: () => deliver('{}') },
  eventWithoutUser: {
    problem: problems.eventWithoutUser(),
    answer: () => deliver('{"type":"user.created"}'),
  },
  missingSession: { problem: problems.missingSession(), answer: () => signIn({}) },
  malformedAuthorization: {
    problem: problems.malformedAuthorization(),
    answer: () => signIn({ authorization: 'Basic dXNlcg==' }),
  },
  invalidSession: {
    problem: problems.invalidSession('signature'),
    answer: () => signInWith('user_1', { key: createKeys().privateKey }),
  },
  expiredSession: {
    problem: problems.expiredSession(),
    answer: () => signInWith('user_1', { seconds: -60 }),
  },
  notUserSession: { problem: problems.notUserSession(), answer: () => signInWith('mch_1') },
  pendingSession: {
    problem: problems.pendingSession(),
    answer: () => signInWith('user_1', { claims: { sts: 'pending' } }),
  },
  invalidSignature: { problem: problems.invalidSignature(), answer: () => deliver('{}', {}) },
  notFound: { problem: problems.notFound(), answer: () => get('/api/nothing') },
  challengeNotFound: {
    problem: problems.challengeNotFound(),
    answer: () => get('/api/challenges/1000000'),
  },
  loopbackOnly: {
    problem: problems.loopbackOnly(),
    answer: startAnd({ env: { JWT_KEY: '' } }, ({ fetch }) =>
      fetch('/playground/token', {
        method: 'POST',
        headers: { ...json, host: 'rebound.test' },
        body: '{"user_id":"user_1"}',
      }),
    ),
  },
  methodNotAllowed: {
    problem: problems.methodNotAllowed(['GET', 'HEAD']),
    answer: () => get('/api/quota', 'DELETE'),
  },
  bodyTimeout: 'It takes ten seconds: tests/http/slow-clients.test.ts compares the sentence.',
  clientDisconnected: 'The client has gone, so nobody gets the answer.',
  tooLarge: {
    problem: problems.tooLarge(limits.jsonBodyBytes),
    answer: () => post(' '.repeat(64 * 1024 + 1)),
  },
  notJson: { problem: problems.notJson(), answer: () => post('{}', { 'content-type': 'text/plain' }) },
  encodedBody: {
    problem: problems.encodedBody(),
    answer: () => post('{}', { ...json, 'content-encoding': 'gzip' }),
  },
  alreadyAnswered: {
    problem: problems.alreadyAnswered(2),
    answer: () => provokeCode('already_answered'),
  },
  idempotencyMismatch: {
    problem: problems.idempotencyMismatch(),
    answer: () => provokeCode('idempotency_mismatch'),
  },
  quotaExhausted: {
    problem: problems.quotaExhausted(noon + day, noon + hour - 1),
    answer: askWithoutCredits,
  },
  quotaInFlight: { problem: problems.quotaInFlight(), answer: askWithCreditInUse },
  internal: { problem: problems.internal(undefined), answer: () => provokeCode('internal') },
  stopping: 'The process is about to end: tests/process/stop-delay.test.ts compares the sentence.',
  databaseUnavailable: {
    problem: problems.databaseUnavailable(undefined),
    answer: startAnd({}, (server) => {
      loseDatabase(server)
      return server.as('user_1', '/api/quota')
    }),
  },
  databaseLocked: 'It takes five seconds: tests/storage/lock.test.ts compares the sentence.',
  sessionKeysUnavailable: {
    problem: problems.sessionKeysUnavailable(undefined),
    answer: startAnd(
      { env: { JWT_KEY: '', CLERK_SECRET_KEY: 'sk_test_none' }, clerkApiUrl: 'http://127.0.0.1:1' },
      (server) => server.as('user_1', '/api/quota'),
    ),
  },
  noChallenge: { problem: problems.noChallenge(), answer: () => provokeCode('unavailable') },
  noChallengeOnTopic: 'tests/challenges/topics.test.ts compares the sentence.',
}

test('the table names every entry of the catalogue', () => {
  expect(Object.keys(catalogue)).toEqual(Object.keys(problems))
})

const provoked = Object.entries(catalogue).flatMap(([name, one]): [string, Provoked][] =>
  typeof one === 'string' ? [] : [[name, one]],
)

test.each(provoked)('the server answers %s as the catalogue says', async (_, { problem, answer }) => {
  const { status, headers, body } = await answer()

  expect(body).toEqual(problem.toJSON())
  expect(status).toBe(problem.status)
  for (const [name, value] of Object.entries(problem.headers)) {
    expect([name, headers.get(name)]).toEqual([name, value])
  }
})
