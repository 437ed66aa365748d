import { byId, h } from '../dom.ts'
import type { Choice, Memory } from './memory.ts'
import { describeShortage, updateGenerateButtons } from './next.ts'
import type { Store } from './state.ts'

type Parts = { store: Store; memory: Memory; ended: AbortSignal }

/** Sets up the form for a new challenge, and remembers the user's choice. Calls `onGenerate` for each challenge. */
export function createGenerateForm({ store, memory, ended }: Parts, onGenerate: () => void) {
  const form = byId('generate', HTMLFormElement)
  const topic = byId('topic', HTMLSelectElement)
  const reason = byId('generate-reason', HTMLElement)
  const remembered = memory.get().choice
  const radio = form.querySelector<HTMLInputElement>(
    `input[value="${CSS.escape(remembered?.difficulty ?? 'easy')}"]`,
  )
  if (radio) radio.checked = true

  function readChoice(): Choice {
    return { difficulty: String(new FormData(form).get('difficulty')), topic: topic.value }
  }

  form.addEventListener('change', () => memory.set({ choice: readChoice() }), { signal: ended })
  form.addEventListener(
    'submit',
    (event) => {
      event.preventDefault()
      onGenerate()
    },
    { signal: ended },
  )
  store.subscribe(({ topics }) => {
    fillTopics(topic, topics, 'Any topic', memory.get().choice?.topic)
  })
  store.subscribe((state) => {
    updateGenerateButtons(state)
    const shortage = describeShortage(state)
    // A status is announced whenever it is set.
    if (reason.textContent !== shortage) reason.textContent = shortage
  })

  return { readChoice, focus: () => form.querySelector<HTMLInputElement>('input:checked')?.focus() }
}

/** Fills a list of topics once they are known, and chooses `chosen` if the list has it. */
export function fillTopics(
  select: HTMLSelectElement,
  topics: { id: string; name: string }[],
  all: string,
  chosen = '',
) {
  if (select.options.length === topics.length + 1) return
  const options = topics.map(({ id, name }) => h('option', { value: id, selected: id === chosen }, name))
  select.replaceChildren(h('option', { value: '' }, all), ...options)
}
