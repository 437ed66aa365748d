import { Type } from '@sinclair/typebox'
import { Elysia } from 'elysia'
import { type Authenticate, auth, signedIn } from '../http/auth.ts'
import { problemResponses } from '../http/problems.ts'
import { enumerated } from '../http/schema.ts'
import { type Topic, topicIds, topics as topicsById } from '../topics.ts'

type Parts = {
  authenticate: Authenticate
  /** The topics that users may ask for. */
  topics: readonly Topic[]
}

export const TopicsSchema = Type.Object(
  {
    topics: Type.Array(
      Type.Object({
        id: enumerated(topicIds, 'The `topic` of a request.'),
        name: Type.String({ description: 'The name for people.' }),
      }),
    ),
  },
  {
    description: 'The topics that users may ask for.',
    examples: [{ topics: [{ id: 'python', name: 'Python' }] }],
  },
)

/** `GET /api/topics`, for signed-in users. */
export function topicRoutes({ authenticate, topics }: Parts) {
  const answer = { topics: topics.map((id) => ({ id, name: topicsById[id].name })) }
  return new Elysia({ prefix: '/api' }).use(auth(authenticate)).get('/topics', () => answer, {
    response: { 200: TopicsSchema, ...problemResponses(401, 500, 503) },
    detail: {
      ...signedIn,
      operationId: 'listTopics',
      tags: ['Challenges'],
      summary: 'List the topics that users may ask for',
      description: 'The topics of `TOPICS`; without a model, those of which the embedded bank has questions.',
    },
  })
}
