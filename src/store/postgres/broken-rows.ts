import { sql } from 'drizzle-orm'
import type { Question } from '../../question.ts'
import { isEntering } from '../entering.ts'
import { toStorable } from '../import-rows.ts'
import type { Soundness } from '../soundness.ts'
import type { Session } from './connections.ts'
import { retireDamaged } from './library.ts'
import { questions } from './schema.ts'
import { shown } from './statements.ts'

/**
 * Retires the damaged questions that claims and second looks would change. PostgreSQL checks every constraint of a row at
 * each change, so that one such row, stored while a constraint was missing, fails every claim that comes to it. A retired
 * question may be damaged.
 */
export async function retireBroken({ db, run }: Session, sound: Soundness): Promise<void> {
  const changing = await db
    .select(shown)
    .from(questions)
    .where(sql.raw(`state IN ('ready', 'suspected') OR ${isEntering}`))
  const damaged = changing.filter((question) => !sound.isQuestion(question) || !isStorable(question))
  for (const { id } of damaged) await retireDamaged(run, id)
}

/** Whether PostgreSQL can read the lists of texts: an escaped NUL or unpaired surrogate in their JSON is an error. */
function isStorable({ options, optionNotes }: Pick<Question, 'options' | 'optionNotes'>): boolean {
  return [...options, ...(optionNotes ?? [])].every((text) => text === null || toStorable(text) === text)
}
