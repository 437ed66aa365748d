import { type Placeholder, sql } from 'drizzle-orm'

/** A parameter whose value is written. */
export const value = sql.placeholder

/** The same for `set`, which accepts a placeholder only within `sql`. */
export const parameter = (name: string) => sql`${value(name)}`

/**
 * A parameter in a condition. With a bare parameter SQLite compiles most statements anew at every call, since the value
 * might satisfy the condition of a partial index or of an outer join; that takes longer than the search.
 */
export const sought = (name: string) => sql`+${value(name)}`

/** A literal limit. With a limit in a bare parameter, SQLite compiles the statement anew at every call. */
export const literal = (limit: number) => sql.raw(String(limit)) as unknown as Placeholder
