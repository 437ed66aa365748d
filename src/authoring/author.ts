import { type Authored, AuthoredSchema, readAuthored } from './authored.ts'
import type { ModelClient } from './model/client.ts'
import { type Assignment, authorRules, authorTask } from './prompts.ts'

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
