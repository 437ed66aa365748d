import { describe, expect, test } from 'bun:test'
import { SQL } from 'bun'
import { describeError } from '../../src/log.ts'
import { Problem } from '../../src/problem.ts'
import { toClientOptions } from '../../src/store/postgres/client-options.ts'
import { TimedOut } from '../../src/store/postgres/deadline.ts'
import { isPassing, NotConnected } from '../../src/store/postgres/errors.ts'
import { retryConflicts } from '../../src/store/postgres/opening.ts'
import { describeFailure } from '../../src/store/postgres/start-errors.ts'

const serverError = (errno: string, message = 'refused') =>
  new SQL.PostgresError(message, { code: 'ERR_POSTGRES_SERVER_ERROR', errno })

/** The error of work that fails with this state, and the number of tries. */
async function outcomeOf(errno: string, message?: string) {
  let tries = 0
  const failing = async () => {
    tries += 1
    await Bun.sleep(1)
    throw serverError(errno, message)
  }
  const error = await retryConflicts(failing, 200).catch((thrown: unknown) => thrown)
  return { tries, error, problem: error instanceof Problem ? error : undefined }
}

describe('states of PostgreSQL', () => {
  test.each([
    ['25006', 'read-only transaction'],
    ['25P03', 'idle-in-transaction time-out'],
    ['25P04', 'transaction time-out'],
    ['40003', 'statement completion unknown'],
    ['26000', 'prepared statement does not exist'],
    ['42P05', 'prepared statement exists already'],
    ['08006', 'connection failure'],
    ['08P01', 'protocol violation'],
    ['28P01', 'wrong password'],
    ['3D000', 'no such database'],
    ['53300', 'too many connections'],
    ['42501', 'missing privilege'],
    ['57014', 'statement time-out'],
    ['57P01', 'shutdown'],
    ['58030', 'I/O error'],
  ])('%s (%s) is answered with 503 and Retry-After, and is not tried again', async (state) => {
    const { tries, problem } = await outcomeOf(state)
    expect(problem?.status).toBe(503)
    expect(Number(problem?.headers['retry-after'])).toBeGreaterThan(0)
    expect(tries).toBe(1)
  })

  test('a connection that cannot be established, for example for its certificate, is answered with 503', async () => {
    const cause = Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' })
    const work = () => Promise.reject(new NotConnected(undefined, { cause }))
    const problem = await retryConflicts(work, 200).catch((error: unknown) => error)
    expect(problem).toMatchObject({ status: 503 })
    expect(JSON.stringify(describeError(problem))).toContain('CERT_HAS_EXPIRED')
  })

  test.each(['40001', '40P01', '55P03'])(
    '%s (conflict or lock) is tried again until the time-out, and then answered with 503',
    async (state) => {
      const { tries, problem } = await outcomeOf(state)
      expect(problem?.status).toBe(503)
      expect(tries).toBeGreaterThan(1)
    },
  )

  test.each(['23505', '42P01', '42601', '22P02'])(
    '%s (a fault of this server) is thrown unchanged',
    async (state) => {
      const { tries, error, problem } = await outcomeOf(state)
      expect(problem).toBeUndefined()
      expect(error).toBeInstanceOf(SQL.PostgresError)
      expect(tries).toBe(1)
    },
  )

  test.each([
    ['26000', 'prepared statement "P1" does not exist'],
    ['42P05', 'prepared statement "P1" already exists'],
    ['08P01', 'bind message supplies 2 parameters, but prepared statement "P1" requires 1'],
  ])('for %s of a prepared statement the log names ?pgbouncer=true', async (state, message) => {
    const { problem } = await outcomeOf(state, message)
    expect(problem?.status).toBe(503)
    expect(JSON.stringify(describeError(problem?.cause))).toContain('?pgbouncer=true')
    expect(JSON.stringify(problem)).not.toContain('pgbouncer')
  })
})

describe('the error at start', () => {
  const url = new URL('postgres://app:s%23cret@db.example/challenges')

  test('names DATABASE_URL and the reason that PostgreSQL gives', async () => {
    const error = serverError('53300', 'sorry, too many clients already')
    expect(await describeFailure(error, url)).toBe(
      'PostgreSQL cannot be used with this DATABASE_URL: sorry, too many clients already.',
    )
    expect(await describeFailure(new TimedOut(), url)).toContain('does not answer in time')
  })

  test('never contains the password, encoded or not', async () => {
    const error = serverError('08P01', 'strange words:\n s#cret, s%23cret')
    const sentence = await describeFailure(error, url)
    expect(sentence).toContain('strange words')
    expect(sentence).not.toContain('\n')
    expect(sentence).not.toMatch(/s(#|%23)cret/)
  })
})

test.each(['57P03', '57P01', '53300', '08006', '25006', '40001'])(
  'a start that fails with %s is tried again',
  (state) => {
    expect(isPassing(serverError(state))).toBe(true)
    expect(isPassing(new NotConnected(undefined, { cause: serverError(state) }))).toBe(true)
  },
)

test.each(['28P01', '3D000', '42501', '42704', '26000'])(
  'a start that fails with %s ends at once',
  (state) => {
    expect(isPassing(serverError(state))).toBe(false)
  },
)

test.each([
  ['postgres://u:p@h/d', 'postgres://u:p@h/d', true],
  ['postgres://u:p@h/d?pgbouncer=true', 'postgres://u:p@h/d', false],
  ['postgres://u:p@h/d?pgbouncer=false', 'postgres://u:p@h/d', true],
  ['postgres://u:p@h/d?pgbouncer=true&sslmode=require', 'postgres://u:p@h/d?sslmode=require', false],
  ['postgres://u:p@h/d?sslmode=require&pgbouncer=true', 'postgres://u:p@h/d?sslmode=require', false],
  ['postgres://u:p%3Fpgbouncer@h/d?a=1&pgbouncer=true&b=2', 'postgres://u:p%3Fpgbouncer@h/d?a=1&b=2', false],
])('the flag pgbouncer of %s is read, and not sent to PostgreSQL', (given, url, prepare) => {
  expect(toClientOptions(given)).toMatchObject({ url, prepare })
})

test.each(['sslmode=verify-full', 'sslmode=VERIFY-CA', 'sslrootcert=ca.pem'])(
  'with %s the certificate is verified, whatever the environment says',
  (parameter) => {
    const { tls } = toClientOptions(`postgres://u:p@h/d?${parameter}`)
    expect(tls).toEqual({ rejectUnauthorized: true })
  },
)
