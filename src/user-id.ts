/** A user's id: printable ASCII without spaces, 255 characters at most. Clerk's are `user_…`. */
export const userIdPattern = '^[\\x21-\\x7e]{1,255}$'

const pattern = new RegExp(userIdPattern)

/** Whether a value can be a user's id. */
export function isUserId(value: unknown): value is string {
  return typeof value === 'string' && pattern.test(value)
}
