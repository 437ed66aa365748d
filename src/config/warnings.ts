import { isLoopback } from '../loopback.ts'
import type { Variables } from './variables.ts'

type Env = Record<string, string | undefined>

/** A sentence for each setting that is valid and probably a mistake. `env` also holds the variables of others. */
export function listWarnings(variables: Variables, env: Env): string[] {
  if (variables.NODE_ENV !== 'production')
    return isNearlyProduction(variables.NODE_ENV) ? [notProduction] : []
  return [
    env.ALLOWED_ORIGINS === undefined && unsetOrigins,
    env.ALLOWED_ORIGINS !== undefined && variables.ALLOWED_ORIGINS.every(isDevelopmentOrigin) && localOrigins,
    variables.CLERK_SECRET_KEY?.startsWith('sk_test_') && testKey,
    sendsInPlainText(variables.OPENAI_BASE_URL) && plainModel,
    isPlainDatabase(variables.DATABASE_URL, env.PGSSLMODE) && plainDatabase,
  ].filter((warning) => typeof warning === 'string')
}

const notProduction =
  'NODE_ENV is not exactly "production", so this is development mode: missing keys are replaced by embedded parts that anybody on this machine can use.'
const unsetOrigins =
  'ALLOWED_ORIGINS is not set: only front ends on http://localhost:5173 and http://localhost:5174 can use this server.'
const localOrigins =
  'ALLOWED_ORIGINS names development servers of this machine only: no other front end can use this server.'
const testKey =
  'CLERK_SECRET_KEY is a test key (sk_test_…): it belongs to a development instance of Clerk, not to the users of production.'
const plainModel =
  'OPENAI_BASE_URL is http and its host is not private: the API key and the questions travel unencrypted.'
const plainDatabase =
  'DATABASE_URL has no sslmode=require (or verify-full) and its host is not private: password and data may travel unencrypted.'

/** `prod`, `Production`, `prd`, `prodution` … */
function isNearlyProduction(word = ''): boolean {
  return /^pro?d/i.test(word)
}

/** Native shells have origins such as `https://localhost` and `http://tauri.localhost`, without a port. */
function isDevelopmentOrigin(origin: string): boolean {
  const { protocol, hostname, port } = new URL(origin)
  return protocol === 'http:' && isLoopback(hostname) && port !== ''
}

function sendsInPlainText(url: string | undefined): boolean {
  return url !== undefined && new URL(url).protocol === 'http:' && !isPrivateHost(new URL(url).hostname)
}

/** Bun reads `PGSSLMODE` where the URL has no `sslmode`. */
function isPlainDatabase(database: Variables['DATABASE_URL'], pgSslMode = ''): boolean {
  if (database.engine !== 'postgres') return false
  const { hostname, searchParams } = new URL(database.url)
  const mode = searchParams.get('sslmode') ?? pgSslMode
  return !isPrivateHost(hostname) && !/^(require|verify-)/i.test(mode) && !searchParams.has('sslrootcert')
}

/**
 * Whether a host is probably reached without the internet: an address for private use (RFC 1918, 3927, 4193, 6598), a name
 * of one word (containers) or two (`service.namespace` of Kubernetes; not `example.com`, `example.io`), or a name below a
 * domain for private use.
 */
function isPrivateHost(host: string): boolean {
  return (
    isLoopback(host) ||
    /^[^.:]*(\.(?!([a-z]{2}|com|net|org)$)[^.:]*)?$/i.test(host) ||
    /^(10|192\.168|172\.(1[6-9]|2\d|3[01])|169\.254|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.[\d.]+$/.test(
      host,
    ) ||
    /^\[f([cd]|e[89ab])/i.test(host) ||
    /\.(localhost|local|internal|intranet|private|corp|home|lan|home\.arpa|test|svc)$/i.test(host)
  )
}
