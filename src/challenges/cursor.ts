import { problems } from '../problem.ts'
import type { HistoryPosition } from '../store/records.ts'
import { cursorDescription } from './schemas.ts'

/** Encodes a position in a history as an opaque string. It names no user: a caller reads their own history only. */
export function encodeCursor({ dateCreated, id }: HistoryPosition): string {
  return Buffer.from(`${dateCreated}.${id}`).toString('base64url')
}

/** @throws Problem `invalid_request` if `encodeCursor` cannot have made the cursor. */
export function decodeCursor(cursor: string): HistoryPosition {
  const [, dateCreated, id] =
    /^(-?\d{1,16})\.(-?\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (dateCreated === undefined || id === undefined) {
    throw problems.invalidValue('cursor', cursorDescription)
  }
  return { dateCreated: Number(dateCreated), id: Number(id) }
}
