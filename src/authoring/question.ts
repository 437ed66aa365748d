import type { Difficulty, Question } from '../question.ts'
import type { Authored } from './author.ts'
import { shuffle } from './shuffle.ts'

/** Builds a question from the author's answer, with the options in random order. */
export function toQuestion(authored: Authored, difficulty: Difficulty, fingerprint: string): Question {
  const { question, code, explanation, answer, distractors } = authored
  const options = shuffle([answer, ...distractors])
  return {
    difficulty,
    topic: null,
    title: toTitle(question, code),
    language: null,
    options,
    correctAnswerId: options.indexOf(answer),
    explanation,
    optionNotes: null,
    source: 'ai',
    fingerprint,
    bankId: null,
  }
}

/** Appends the code to the question, in a fence that the code cannot close (CommonMark section 4.5). */
export function toTitle(question: string, code: string | null, language = ''): string {
  if (code === null) return question
  const longestRun = Math.max(0, ...[...code.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(Math.max(3, longestRun + 1))
  return `${question}\n\n${fence}${language}\n${code.replace(/\n+$/, '')}\n${fence}`
}
