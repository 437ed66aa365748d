import type { Difficulty, Draft } from '../challenge.ts'
import type { Authored } from './author.ts'
import { shuffle } from './shuffle.ts'

/** A challenge by the model as it will be served, with its options in random order. */
export function draftOf(authored: Authored, difficulty: Difficulty): Draft {
  const { question, code, explanation, answer, distractors } = authored
  const options = shuffle([answer, ...distractors])
  return {
    difficulty,
    title: titleOf(question, code),
    options,
    correctAnswerId: options.indexOf(answer),
    explanation,
    source: 'ai',
    fingerprint: fingerprintOf(question, code),
    bankId: null,
  }
}

/** The question, followed by its code in a fence that the code itself cannot close (CommonMark section 4.5). */
export function titleOf(question: string, code: string | null, language = ''): string {
  if (code === null) return question
  const longestRun = Math.max(0, ...[...code.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(Math.max(3, longestRun + 1))
  return `${question}\n\n${fence}${language}\n${code.replace(/\n+$/, '')}\n${fence}`
}

/**
 * Names a question: the same for two that differ in case, spacing or closing punctuation only. The code belongs to
 * it, since "What does this print?" is asked of many.
 */
export function fingerprintOf(question: string, code: string | null): string {
  const words = question
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\s.?!:]+$/, '')
  // Indentation can be all that two pieces of Python differ in.
  const lines = (code ?? '')
    .normalize('NFKC')
    .replace(/[^\S\n]+$/gm, '')
    .replace(/\n+/g, '\n')
    .trim()
  return new Bun.CryptoHasher('sha256').update(`${words}\n${lines}`).digest('hex')
}
