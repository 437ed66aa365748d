import { fileURLToPath } from 'node:url'
import type { DatabaseUrl } from '../store/open.ts'

/** Parses `DATABASE_URL`. Returns `undefined` if the text is wrong. */
export function parseDatabaseUrl(text: string): DatabaseUrl | undefined {
  if (/^postgres(ql)?:\/\/./.test(text))
    return isPostgresUrl(text) ? { engine: 'postgres', url: text } : undefined
  const path = text.startsWith('file://') ? parseFileUrl(text) : /^file:(.+)$/.exec(text)?.[1]
  // A database in memory would keep nothing, and each connection would see its own. Parameters, such as `?mode=ro`, would
  // become a part of the name.
  return path && path !== ':memory:' && !/[?\0]/.test(path) ? { engine: 'sqlite', path } : undefined
}

/** `pgbouncer` has two values: a misspelled one would leave prepared statements on. */
function isPostgresUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { username, password, pathname, searchParams } = new URL(text)
  if (![username, password, pathname].every(isEncoded)) return false
  return /^(?:true|false)?$/.test(searchParams.get('pgbouncer') ?? '')
}

/** Whether each `%` begins an escape. */
function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

function parseFileUrl(text: string): string | undefined {
  try {
    const { search, hash } = new URL(text)
    return search || hash ? undefined : fileURLToPath(text)
  } catch {
    return undefined
  }
}
