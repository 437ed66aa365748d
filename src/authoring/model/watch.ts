import type { EventBus, ModelNotice } from '../../events.ts'
import type { Finding } from './lookup.ts'
import {
  type ConfigurationFault,
  isConfigurationFault,
  type NamedModel,
  toFaultNotice,
  toOptionNotice,
  toShutdownNotice,
} from './notices.ts'

const lookUpTimeoutMs = 10_000

type Options = {
  lookUpModel: (name: string, signal: AbortSignal) => Promise<Finding>
  /** The author, and the reviewer if it is another model. */
  models: NamedModel[]
  events: EventBus
  /** The time before the first look-up, so that the start and the first requests come first. */
  firstMs: number
  /** The time between look-ups. Notices that last are repeated at the same times. */
  intervalMs: number
}

/** The state of a model, as far as it is known. */
type State = {
  model: NamedModel
  calls: 'untried' | 'work' | ConfigurationFault
  refusedOption?: string
  found: Finding
}

/**
 * Tells the operator about a model that cannot be reached as configured, or will be shut down, before users notice.
 * Observes the calls of the models, and looks the models up after the start and once an hour.
 */
export function watchModels({ lookUpModel, models, events, firstMs, intervalMs }: Options) {
  const states: State[] = models.map((model) => ({ model, calls: 'untried', found: 'unclear' }))
  const findState = (name: string) => states.find(({ model }) => model.name === name)
  let published = '[]'
  const stopping = new AbortController()
  const interval = setInterval(lookUp, intervalMs, { repeat: true })
  interval.unref()
  const first = setTimeout(lookUp, firstMs, { repeat: false })
  first.unref()

  const unsubscribe = [
    events.on('model.called', ({ data: { model, outcome } }) => {
      if (outcome === 'answered') update(model, { calls: 'work' })
    }),
    events.on('model.failed', ({ data: { model, fault } }) => {
      if (isConfigurationFault(fault)) update(model, { calls: fault })
    }),
    events.on('model.refused_option', ({ data: { model, option } }) => {
      update(model, { refusedOption: option })
    }),
  ]

  function update(name: string, change: Partial<State>) {
    Object.assign(findState(name) ?? {}, change)
    publish({ repeat: false })
  }

  async function lookUp({ repeat }: { repeat: boolean }) {
    const signal = AbortSignal.any([AbortSignal.timeout(lookUpTimeoutMs), stopping.signal])
    const look = async (state: State) => {
      const finding = await lookUpModel(state.model.name, signal)
      if (finding !== 'unclear') state.found = finding
    }
    await Promise.all(states.map(look))
    if (!stopping.signal.aborted) publish({ repeat })
  }

  /** Publishes the notices if they have changed. With `repeat`, publishes unchanged notices too. */
  function publish({ repeat }: { repeat: boolean }) {
    const byText = new Map(states.flatMap(listNotices).map((notice) => [notice.text, notice]))
    const notices = [...byText.values()]
    const next = JSON.stringify(notices)
    if (next === published && !(repeat && notices.length > 0)) return
    published = next
    void events.emit('model.noticed', { notices })
  }

  return {
    stop() {
      clearInterval(interval)
      clearTimeout(first)
      for (const off of unsubscribe) off()
      stopping.abort()
    },
  }
}

/** Calls say more than a look-up: a key may lack the permission to read models, and a server may accept any name. */
function listNotices({ model, calls, found, refusedOption }: State): ModelNotice[] {
  const option = refusedOption ? [toOptionNotice(refusedOption, model)] : []
  if (isConfigurationFault(calls)) return [toFaultNotice(calls, model), ...option]
  if (typeof found === 'object') return [toShutdownNotice(found.shutdownDate, model), ...option]
  if (calls === 'work' || !isConfigurationFault(found)) return option
  return [toFaultNotice(found, model), ...option]
}
