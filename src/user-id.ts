import { limits } from './limits.ts'

/** A user's id: printable ASCII without spaces. Clerk's user ids are `user_…`; `mch_…` is a machine's id. */
export const userIdPattern = `^(?!mch_)[\\x21-\\x7e]{1,${limits.userIdLength}}$`

/** Completes "… must be …". */
export const userIdDescription = `1 to ${limits.userIdLength} printable ASCII characters without spaces, not beginning with mch_`

const pattern = new RegExp(userIdPattern)

export function isUserId(value: unknown): value is string {
  return typeof value === 'string' && pattern.test(value)
}
