import type { ReservedSQL } from 'bun'

/** Checks whether the database takes no writes. Fails if the tables are missing. */
export async function readReadOnly(sql: Pick<ReservedSQL, 'unsafe'>): Promise<boolean> {
  const [row]: { readOnly: string }[] = await sql.unsafe(`
    SELECT current_setting('transaction_read_only') AS "readOnly",
      (SELECT count(*) FROM challenge_quotas WHERE user_id = '')`)
  return row?.readOnly === 'on'
}
