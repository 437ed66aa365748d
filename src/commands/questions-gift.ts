import type { StoredQuestion } from '../store/catalogue.ts'
import { topicIds, topics } from '../topics.ts'

/**
 * Creates a writer of questions in GIFT (https://docs.moodle.org/en/GIFT_format). Questions and explanations are
 * Markdown; options are plain text.
 */
export function createGiftWriter() {
  let current = ''
  return function toGift(question: StoredQuestion): string {
    const category = toCategory(question)
    const heading = category === current ? '' : `$CATEGORY: ${category}\n\n`
    current = category
    return heading + toQuestion(question)
  }
}

function toCategory({ topic, difficulty }: StoredQuestion): string {
  const id = topicIds.find((known) => known === topic)
  return `Coding challenges/${id ? topics[id].name : 'Other'}/${difficulty}`
}

function toQuestion(question: StoredQuestion): string {
  const { id, title, options, correctAnswerId, optionNotes, explanation } = question
  const answers = options.map((option, place) => {
    const note = optionNotes?.[place] ?? null
    const feedback = note === null ? '' : `#${escapeGift(note)}`
    // The format of an option stands before each option: without it, options would be Markdown too.
    return `\t${place === correctAnswerId ? '=' : '~'}[plain]${escapeGift(option)}${feedback}\n`
  })
  return `::Question ${id}::[markdown]${escapeGift(title)}{\n${answers.join('')}\t####${escapeGift(explanation)}\n}\n\n`
}

/**
 * Escapes the characters that have a meaning in GIFT. A line break becomes `\n`: an empty line would end the question,
 * and a line that begins with `//` would be a comment.
 */
function escapeGift(text: string): string {
  return text.replace(/[\\~=#{}:]/g, '\\$&').replace(/\r?\n|\r/g, '\\n')
}
