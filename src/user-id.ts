/** A user's id: printable ASCII without spaces, 255 characters at most. Clerk's are `user_…`; `mch_…` is a machine's. */
export const userIdPattern = '^(?!mch_)[\\x21-\\x7e]{1,255}$'

/** The same in words: completes "… must be …". */
export const userIdDescription = '1 to 255 printable ASCII characters without spaces, not beginning with mch_'

const pattern = new RegExp(userIdPattern)

/** Whether a value can be a user's id. */
export function isUserId(value: unknown): value is string {
  return typeof value === 'string' && pattern.test(value)
}
