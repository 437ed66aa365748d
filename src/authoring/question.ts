import type { Difficulty, Question } from '../question.ts'
import type { Topic } from '../topics.ts'
import type { Authored } from './authored.ts'
import { shuffle } from './shuffle.ts'

type Labels = { difficulty: Difficulty; topic: Topic; language: string | null; fingerprint: string }

/** Builds a question from the author's answer, with the options in random order. */
export function toQuestion(authored: Authored, labels: Labels): Question {
  const { question, code, explanation, answer, distractors } = authored
  const options = shuffle([{ text: answer, misconception: null }, ...distractors])
  return {
    ...labels,
    title: toTitle(question, code, labels.language ?? ''),
    options: options.map(({ text }) => text),
    correctAnswerId: options.findIndex(({ text }) => text === answer),
    explanation,
    optionNotes: options.some(({ misconception }) => misconception !== null)
      ? options.map(({ misconception }) => misconception)
      : null,
    source: 'ai',
    bankId: null,
  }
}

/** Appends the code to the question, in a fence that the code cannot close (CommonMark section 4.5). */
export function toTitle(question: string, code: string | null, language: string): string {
  if (code === null) return question
  const longestRun = Math.max(0, ...[...code.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(Math.max(3, longestRun + 1))
  return `${question}\n\n${fence}${language}\n${code.replace(/\n+$/, '')}\n${fence}`
}
