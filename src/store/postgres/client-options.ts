import type { SQL } from 'bun'

/**
 * Converts a URL to Bun's options. Bun reads libpq's parameters itself (`sslmode`, `sslrootcert`, `application_name`) and
 * sends the others to PostgreSQL. `?pgbouncer=true` (Prisma's convention) turns prepared statements off; the parameter is
 * removed, because PostgreSQL would refuse it.
 */
export function toClientOptions(url: string): SQL.PostgresOrMySQLOptions {
  const { pathname, searchParams } = new URL(url)
  return {
    url: url.replace(/(?<=[?&])pgbouncer=[^&#]*&?/g, '').replace(/[?&](?=#|$)/, ''),
    prepare: searchParams.get('pgbouncer') !== 'true',
    // Otherwise PGDATABASE in the environment would replace the database of the URL.
    ...(pathname.length > 1 && { database: decodeURIComponent(pathname.slice(1)) }),
    // Operators find the server by this name in pg_stat_activity. Poolers accept the parameter.
    ...(!searchParams.has('application_name') && { connection: { application_name: 'challenges' } }),
    // Otherwise NODE_TLS_REJECT_UNAUTHORIZED=0, meant for another server, would turn the verification off.
    ...(asksForVerification(searchParams) && { tls: { rejectUnauthorized: true } }),
  }
}

/** Bun reads `sslmode` in any letters. */
const asksForVerification = (parameters: URLSearchParams) =>
  parameters.has('sslrootcert') || /^verify/i.test(parameters.get('sslmode') ?? '')
