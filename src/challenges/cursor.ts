import { Problem } from '../problem.ts'
import type { HistoryPosition } from '../store/store.ts'

/** A place in a history as an opaque word. It names no user: whoever sends it gets a page of their own. */
export function encodeCursor({ dateCreated, id }: HistoryPosition): string {
  return Buffer.from(`${dateCreated}.${id}`).toString('base64url')
}

/** @throws Problem `invalid_request` if the word is not one of ours. */
export function decodeCursor(cursor: string): HistoryPosition {
  const [, dateCreated, id] =
    /^(-?\d{1,16})\.(-?\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (dateCreated === undefined || id === undefined) {
    throw new Problem('invalid_request', 'cursor must be the next_cursor of an earlier page.')
  }
  return { dateCreated: Number(dateCreated), id: Number(id) }
}
