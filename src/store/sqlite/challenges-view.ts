import { eq } from 'drizzle-orm'
import { sqliteView } from 'drizzle-orm/sqlite-core'
import { assignments, questions } from './schema.ts'

/** The table of the FastAPI server and of version 1.0.0 as a view, with one row for each assignment. */
export const challenges = sqliteView('challenges').as((query) =>
  query
    .select({
      id: assignments.id,
      difficulty: questions.difficulty,
      dateCreated: assignments.dateCreated,
      createdBy: assignments.createdBy,
      title: questions.title,
      options: questions.options,
      correctAnswerId: questions.correctAnswerId,
      explanation: questions.explanation,
      topic: questions.topic,
      source: questions.source,
      optionNotes: questions.optionNotes,
      state: questions.state,
      charged: assignments.charged,
      answerId: assignments.answerId,
      answeredAt: assignments.answeredAt,
    })
    .from(assignments)
    .innerJoin(questions, eq(questions.id, assignments.questionId)),
)
