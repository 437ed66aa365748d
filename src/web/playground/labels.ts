import { h } from '../dom.ts'
import type { Challenge } from './api.ts'

/** The label of each source. */
const sources: Record<string, string> = { ai: 'by the model', bank: 'from the bank' }

export function labelSource({ source, charged }: Pick<Challenge, 'source' | 'charged'>): string {
  return (sources[source] ?? source) + (charged ? '' : ', free of charge')
}

/** Renders a difficulty with one, two or three bars. */
export function renderDifficulty(difficulty: string): HTMLElement {
  const bars = h('span', { class: 'level', 'aria-hidden': 'true' }, h('i'), h('i'), h('i'))
  return h('span', { class: `badge difficulty ${difficulty}` }, bars, difficulty)
}

/** Renders whether a challenge was answered, and how. */
export function renderVerdict(answer: Challenge['answer']): HTMLElement {
  if (!answer) return h('span', { class: 'badge' }, 'not answered')
  return answer.correct
    ? h('span', { class: 'badge right' }, '✓ right')
    : h('span', { class: 'badge wrong' }, '✗ wrong')
}
