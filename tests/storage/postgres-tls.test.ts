import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { SQL } from 'bun'
import { createPostgresStore } from '../../src/store/postgres/store.ts'
import { policy } from '../support/contract.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { enableTls } from '../support/postgres-tls.ts'

setDefaultTimeout(60_000)

const folder = temporaryFolder()
let servers: Record<'without TLS' | 'with TLS', Postgres>
let files: Awaited<ReturnType<typeof enableTls>>
beforeAll(async () => {
  const [plain, secure] = await Promise.all([startPostgres(), startPostgres()])
  files = await enableTls(secure, folder.path)
  servers = { 'without TLS': plain, 'with TLS': secure }
})
afterAll(async () => {
  for (const server of Object.values(servers)) await server[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

/** Whether the connections of a store are encrypted, or the sentence that refuses its start. */
async function open(server: Postgres, host: string, parameters: string): Promise<string> {
  const url = new URL(server.url('postgres'))
  url.hostname = host
  // Connections of an earlier start may not have ended yet.
  const name = crypto.randomUUID()
  url.search = `application_name=${name}&${parameters.replace('OWN', files.ca).replace('OTHER', files.otherCa)}`
  await using direct = new SQL(server.url('postgres'), { max: 1 })
  try {
    const store = await createPostgresStore({ url: url.href, policy, connections: 1, timeoutMs: 5000 })
    const rows: { ssl: boolean }[] = await direct`SELECT DISTINCT ssl FROM pg_stat_ssl
      JOIN pg_stat_activity USING (pid) WHERE application_name = ${name}`
    await store.close()
    return rows.map(({ ssl }) => (ssl ? 'encrypted' : 'plain')).join()
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
}

const refused = 'PostgreSQL cannot be used with this DATABASE_URL: '
const noTls = `${refused}it offers no TLS, which sslmode requires.`
const unknownCa = `${refused}unable to verify the first certificate (sslrootcert names the file of the CA).`
const otherHost = `${refused}its certificate is not for the host 127.0.0.1.`

test.each([
  ['without TLS', 'localhost', '', 'plain'],
  ['without TLS', 'localhost', 'sslmode=prefer', 'plain'],
  ['without TLS', 'localhost', 'sslmode=require', noTls],
  ['without TLS', 'localhost', 'sslmode=verify-full', noTls],
  ['without TLS', 'localhost', 'sslrootcert=OWN', noTls],
  ['with TLS', '127.0.0.1', 'sslmode=disable', 'plain'],
  ['with TLS', '127.0.0.1', 'sslmode=prefer', 'encrypted'],
  ['with TLS', '127.0.0.1', 'sslmode=require', 'encrypted'],
  ['with TLS', 'localhost', 'sslmode=verify-ca', unknownCa],
  ['with TLS', 'localhost', 'sslmode=verify-full', unknownCa],
  ['with TLS', 'localhost', 'sslmode=verify-full&sslrootcert=OTHER', unknownCa],
  ['with TLS', 'localhost', 'sslmode=verify-full&sslrootcert=OWN', 'encrypted'],
  ['with TLS', '127.0.0.1', 'sslmode=verify-full&sslrootcert=OWN', otherHost],
  ['with TLS', '127.0.0.1', 'sslmode=verify-ca&sslrootcert=OWN', 'encrypted'],
  // The file of a CA asks for its use: the host is checked too.
  ['with TLS', 'localhost', 'sslmode=require&sslrootcert=OWN', 'encrypted'],
  ['with TLS', '127.0.0.1', 'sslmode=require&sslrootcert=OWN', otherHost],
] as const)('a server %s at %s with "%s": %s', async (server, host, parameters, outcome) => {
  expect(await open(servers[server], host, parameters)).toBe(outcome)
})

test('a file of a CA that cannot be read is named by its parameter', async () => {
  for (const file of ['/no/such/file', import.meta.path]) {
    const sentence = await open(servers['with TLS'], 'localhost', `sslmode=verify-full&sslrootcert=${file}`)
    expect(sentence).toStartWith(`${refused}the file of sslrootcert cannot be used (`)
  }
})

test('NODE_TLS_REJECT_UNAUTHORIZED=0 does not turn off a verification that the URL asks for', async () => {
  const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
  try {
    expect(await open(servers['with TLS'], 'localhost', 'sslmode=verify-full')).toBe(unknownCa)
  } finally {
    if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before
  }
})
