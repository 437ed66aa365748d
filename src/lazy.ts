/** An object whose members are created when they are first read. */
export function lazy<Create extends Record<string, () => unknown>>(create: Create) {
  const members = {}
  for (const [name, createMember] of Object.entries(create)) {
    let member: unknown
    Object.defineProperty(members, name, { get: () => (member ??= createMember()) })
  }
  return members as { readonly [Name in keyof Create]: ReturnType<Create[Name]> }
}
