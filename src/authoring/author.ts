import type { Difficulty } from '../question.ts'
import type { Topic } from '../topics.ts'
import { type Authored, AuthoredSchema, readAuthored } from './authored.ts'
import type { ModelClient } from './model/client.ts'
import { authorRules, authorTask } from './prompts.ts'

/** What to write. `language` is one of the topic's. `avoid` lists short titles of questions that exist already. */
export type Assignment = {
  difficulty: Difficulty
  topic: Topic
  language: string
  subject: string
  avoid: string[]
}

export type Author = ReturnType<typeof createAuthor>

export function createAuthor(ask: ModelClient) {
  /** Writes one question with one call of the model. @throws ModelError */
  return async function write(assignment: Assignment, signal: AbortSignal): Promise<Authored> {
    const user = authorTask(assignment)
    return ask(
      { name: 'challenge', schema: AuthoredSchema, read: readAuthored, system: authorRules, user },
      signal,
    )
  }
}
