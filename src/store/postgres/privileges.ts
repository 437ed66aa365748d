import type { SQL } from 'bun'
import { getTableName, getViewName, isTable } from 'drizzle-orm'
import * as librarySchema from './library-schema.ts'
import * as quotaSchema from './quota-schema.ts'
import * as schema from './schema.ts'
import { Unusable } from './start-errors.ts'

/** @throws Unusable with the missing privileges if the role lacks one that requests need */
export async function assertPrivileges(transaction: SQL) {
  const tables = Object.values({ ...schema, ...librarySchema, ...quotaSchema }).filter((table) =>
    isTable(table),
  )
  const names = tables.map(getTableName)
  const numbered = tables.filter((table) => 'id' in table).map(getTableName)
  const of = (list: string[]) => `unnest(ARRAY['${list.join("','")}']) AS name`
  const lacking: { role: string; missing: string }[] = await transaction.unsafe(`
    SELECT current_user AS role, string_agg(privilege, ', ' ORDER BY privilege) || ' on ' || name AS missing FROM (
      SELECT name, privilege FROM ${of(names)}, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS privilege
        WHERE NOT has_table_privilege(name, privilege)
      UNION ALL SELECT name, 'SELECT' FROM ${of([getViewName(schema.challenges)])}
        WHERE NOT has_table_privilege(name, 'SELECT')
      UNION ALL SELECT sequence, 'USAGE' FROM ${of(numbered)}, pg_get_serial_sequence(name, 'id') AS sequence
        WHERE NOT has_sequence_privilege(sequence, 'USAGE')) AS lacking (name, privilege)
    GROUP BY name ORDER BY name`)
  const [first] = lacking
  if (!first) return
  throw new Unusable(`the role ${first.role} lacks ${lacking.map(({ missing }) => missing).join('; ')}`)
}
