import { integer } from 'drizzle-orm/sqlite-core'

// Every column has an explicit name: in a view, Drizzle 0.45 loses a name that is derived from the key.
export const id = () => integer('id').primaryKey({ autoIncrement: true })
export const count = (name: string) => integer(name).notNull().default(0)
