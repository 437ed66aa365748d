import type { Topic } from '../topics.ts'
import { isInjection } from './injection.ts'
import { toOneLine } from './spans.ts'

const maxTitles = 12
const maxTitleLength = 100

type Recent = { title: string; topic: string | null }

/**
 * Lists the titles that the author must avoid: those of the latest questions of the topic, each once and without its
 * code. They are few and short, because each call pays for their tokens. Titles that give the model instructions are
 * left out: imported titles were not linted.
 */
export function listAvoided(recent: readonly Recent[], topic: Topic): string[] {
  const titles = new Set<string>()
  for (const question of recent) {
    if (titles.size === maxTitles) break
    if (question.topic !== topic) continue
    const title = shortTitles.get(question) ?? toShortTitle(question.title)
    shortTitles.set(question, title)
    if (title !== '') titles.add(title)
  }
  return [...titles]
}

/** The latest questions are the same ones in many calls. */
const shortTitles = new WeakMap<Recent, string>()

/** Empty if the title must not be shown to the author. */
function toShortTitle(title: string): string {
  const text = toQuestionLine(title)
  return isInjection(text) ? '' : shorten(text)
}

/** The text before the code, on one line. */
function toQuestionLine(title: string): string {
  const [question = ''] = title.split(/^ {0,3}(?:`{3}|~{3})/m, 1)
  return toOneLine(question).trim()
}

/** Cuts a text between words. Empty if the first word is too long. */
function shorten(text: string): string {
  return text.length <= maxTitleLength
    ? text
    : text.slice(0, text.lastIndexOf(' ', maxTitleLength) + 1).trim()
}
