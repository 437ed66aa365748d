import { bigint, bigserial, customType, integer } from 'drizzle-orm/pg-core'
import { parseColumn } from '../soundness.ts'

// Every column has an explicit name: in a view, Drizzle 0.45 loses a name that is derived from the key.
export const id = () => bigserial('id', { mode: 'number' }).primaryKey()
export const timestamp = (name: string) => bigint(name, { mode: 'number' })
export const count = (name: string) => integer(name).notNull().default(0)
/** JSON in a text column, as in SQLite: Bun's SQL encodes the values of a `jsonb` column twice. */
export const json = customType<{ data: (string | null)[]; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (value) => parseColumn(value) as (string | null)[],
})
