import { version } from '../../package.json'

/** The parts of the document that do not come from the routes. */
export const baseDocument = {
  openapi: '3.1.1',
  info: {
    title: 'AI coding challenges',
    version,
    summary: 'Multiple-choice coding challenges for signed-in users, within a daily quota.',
    description:
      'Bodies are JSON, times are ISO 8601 in UTC. Every error is a problem (RFC 9457), sent as ' +
      '`application/problem+json`: `detail` is a sentence for a person, `code` a word for a program. Every response ' +
      'has an `x-request-id`: the one of the request if it is well formed, else a new one. Later versions may add ' +
      'fields to responses, and values to `TopicId`. The server ignores unknown fields of requests; the ' +
      'schemas forbid them, so that typed clients find misspelled ones.',
    contact: { name: 'The operator of this server' },
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/', description: 'This server.' }],
  tags: [
    { name: 'Challenges', description: 'A challenge costs one credit of the user’s quota.' },
    {
      name: 'Answers',
      description: 'Answers to challenges, reports of faulty ones, and the progress of a user.',
    },
    { name: 'Quota', description: 'The credits of a user, set anew every 24 hours.' },
    { name: 'Webhooks', description: 'Events that Clerk sends to the server.' },
    {
      name: 'Operation',
      description: 'For operators of the server; do not expose these routes to the public.',
    },
  ],
  components: {
    securitySchemes: {
      session: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description:
          'A Clerk session token of a front end that the server knows (`ALLOWED_ORIGINS`). Cookies are not read. In ' +
          'development, `bun run token` prints one.',
      },
    },
  },
}
