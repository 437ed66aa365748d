import { customType } from 'drizzle-orm/pg-core'
import { parseColumn } from '../soundness.ts'

/** JSON in a text column, as in SQLite: Bun's SQL encodes the values of a `jsonb` column twice. */
export const json = customType<{ data: (string | null)[]; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (value) => parseColumn(value) as (string | null)[],
})
