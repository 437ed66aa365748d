import { Type } from '@sinclair/typebox'
import { Elysia } from 'elysia'
import { type Authenticate, auth, sessionCodes, signedIn } from '../http/auth.ts'
import { enumerated } from '../http/enumerations.ts'
import { problemResponses } from '../http/problem-schemas.ts'
import { type Topic, topics as topicsById } from '../topics.ts'

type Parts = {
  authenticate: Authenticate
  /** The topics that users may ask for. */
  topics: readonly Topic[]
}

const TopicSchema = Type.Object(
  {
    id: enumerated('TopicId', { description: 'The `topic` of a request.' }),
    name: Type.String({ description: 'The name for people.' }),
  },
  { named: 'Topic', description: 'A topic that users may ask for.' },
)

export const TopicsSchema = Type.Object(
  { topics: Type.Array(TopicSchema, { description: 'In an order for a menu.' }) },
  {
    named: 'TopicList',
    description: 'The topics that users may ask for.',
    examples: [{ topics: [{ id: 'python', name: 'Python' }] }],
  },
)

/** `GET /api/topics`, for signed-in users. */
export function topicRoutes({ authenticate, topics }: Parts) {
  const answer = { topics: topics.map((id) => ({ id, name: topicsById[id].name })) }
  return new Elysia({ prefix: '/api' }).use(auth(authenticate)).get('/topics', () => answer, {
    response: { 200: TopicsSchema, ...problemResponses(...sessionCodes) },
    detail: {
      ...signedIn,
      operationId: 'listTopics',
      tags: ['Challenges'],
      summary: 'List the topics that users may ask for',
      description: 'The topics of `TOPICS`; without a model, those of which the embedded bank has questions.',
    },
  })
}
