import { lookup } from 'node:dns/promises'
import { WrongVersion } from '../migrations.ts'
import { TimedOut } from './deadline.ts'
import { NotConnected, PrepareConflict, readCode } from './errors.ts'

/** The database cannot serve, for the reason in `message`. */
export class Unusable extends Error {
  override readonly name = 'Unusable'
}

/** Describes why a start failed, in one sentence for the operator with the server's reason and without the password. */
export async function describeFailure(error: unknown, url: URL): Promise<string> {
  const reason = error instanceof NotConnected ? error.cause : error
  if (reason instanceof PrepareConflict) {
    return 'DATABASE_URL leads to a pooler in transaction mode, which mixes up prepared statements: add ?pgbouncer=true to it.'
  }
  if (reason instanceof WrongVersion) return reason.message
  const described = hidePassword(await describeReason(reason, url), url)
  return `PostgreSQL cannot be used with this DATABASE_URL: ${described}.`
}

async function describeReason(error: unknown, { hostname }: URL): Promise<string> {
  const message = error instanceof Error ? error.message.replace(/\s+/g, ' ').replace(/\.$/, '') : ''
  const code = error instanceof TimedOut ? 'ERR_POSTGRES_CONNECTION_TIMEOUT' : readCode(error)
  switch (code) {
    case 'ERR_POSTGRES_CONNECTION_TIMEOUT':
      return 'it does not answer in time'
    case 'ERR_POSTGRES_CONNECTION_REFUSED':
      return (await hasAddress(hostname))
        ? 'nothing answers at this host and port'
        : `the host name ${hostname} has no address (ENOTFOUND)`
    case 'ERR_POSTGRES_CONNECTION_CLOSED':
      return 'it closed the connection'
    case 'ERR_POSTGRES_TLS_NOT_AVAILABLE':
      return 'it offers no TLS, which sslmode requires'
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `its certificate is not for the host ${hostname}`
    case 'ERR_INVALID_ARG_TYPE':
    case 'ERR_BORINGSSL':
      return `the file of sslrootcert cannot be used (${message})`
    default:
      return isFromUnknownCa(code) ? `${message} (sslrootcert names the file of the CA)` : message
  }
}

/** Whether the certificate of the server leads to no trusted CA (https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error). */
const isFromUnknownCa = (code: string) => /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/.test(code)

const hasAddress = (hostname: string) =>
  lookup(hostname.replace(/^\[|\]$/g, '')).then(
    () => true,
    () => false,
  )

function hidePassword(text: string, { password }: URL): string {
  return [password, decodeURIComponent(password)]
    .filter(Boolean)
    .reduce((rest, secret) => rest.replaceAll(secret, '***'), text)
}
