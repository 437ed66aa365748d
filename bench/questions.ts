import type { Database } from 'bun:sqlite'
import { toQuestion } from '../src/authoring/question.ts'
import { toFingerprint } from '../src/fingerprint.ts'
import type { Authored } from '../tests/support/model.ts'

/** The topic of the questions. The server runs no Python. */
export const topic = 'python'

const lines = [
  '    total += values[0]',
  '    counts.setdefault(key, []).append(total)',
  '    if key not in counts: total -= 1',
  '    counts = {name: len(group) for name, group in counts.items()}',
  "    key = f'{key}-{total:>4}'",
  '    values, total = values[1:], total * 2',
  '    total = max(total, *values)',
  '    values.sort(key=lambda value: -value)',
]
const purposes = [
  'an invoice',
  'a shopping cart',
  'a search index',
  'a message queue',
  'a log file',
  'a timetable',
]

/** Question number `n`, below 262 144. The code of no two of them has the same shape, so none is a near repeat. */
export function writeQuestion(n: number): Authored {
  // The factor has no divisor in common with 8, so that the six digits of neighbours differ.
  const digits = ((n * 7919) % 8 ** 6).toString(8).padStart(6, '0')
  const body = [...digits].map((digit) => lines[Number(digit)])
  const purpose = purposes[n % purposes.length]
  return {
    question: `The function below is part of a program for ${purpose}. What does \`update(${n}, 'a', [3, 1, 2])\` return?`,
    code: ['def update(total, key, values):', '    counts = {}', ...body, '    return total'].join('\n'),
    explanation: `The statements run from top to bottom. Each changes \`total\`, \`values\` or \`counts\`, and the last one returns the number ${n + 7}.`,
    answer: `The number ${n + 7}`,
    distractors: [`The number ${n + 3}`, `The number ${n - 1}`, 'It raises a `KeyError`'],
  }
}

/** Stores the questions with the numbers 1 to `count`, each handed to somebody. */
export function addQuestions(file: Database, count: number) {
  const insert = file.query(`INSERT INTO questions (difficulty, topic, date_created, title, language, options,
    correct_answer_id, explanation, fingerprint, state) VALUES ('easy', ?, ?, ?, ?, ?, ?, ?, ?, 'circulating')`)
  const now = Date.now()
  for (let n = 1; n <= count; n++) {
    const authored = writeQuestion(n)
    const distractors = authored.distractors.map((text) => ({ text, misconception: null }))
    const { question, code } = authored
    const labels = {
      difficulty: 'easy',
      topic,
      language: topic,
      fingerprint: toFingerprint(question, code),
    } as const
    const { title, options, correctAnswerId, explanation, fingerprint } = toQuestion(
      { ...authored, prints: false, distractors },
      labels,
    )
    const texts = [title, topic, JSON.stringify(options), correctAnswerId, explanation, fingerprint]
    insert.run(topic, now - count + n, ...texts)
  }
}
