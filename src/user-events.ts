/** The Clerk event types that the server handles. They are also the names on the event bus. */
export const userEvents = ['user.created', 'user.deleted'] as const
