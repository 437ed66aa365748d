import { customType } from 'drizzle-orm/sqlite-core'
import { parseColumn } from '../soundness.ts'

/** A JSON column. Drizzle's own type throws when a value is damaged. */
export const json = customType<{ data: (string | null)[]; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (value) => parseColumn(value) as (string | null)[],
})
