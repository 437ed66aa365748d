import { customType, integer } from 'drizzle-orm/sqlite-core'
import { parseColumn } from '../soundness.ts'

// Every column has an explicit name: in a view, Drizzle 0.45 loses a name that is derived from the key.
export const id = () => integer('id').primaryKey({ autoIncrement: true })
export const count = (name: string) => integer(name).notNull().default(0)
/** A JSON column. Drizzle's own type throws when a value is damaged. */
export const json = customType<{ data: (string | null)[]; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (value) => parseColumn(value) as (string | null)[],
})
