import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { AuthenticationError, NotFoundError, PermissionDeniedError } from 'openai'
import type { EventBus } from '../../events.ts'
import type { ModelServer } from './client.ts'

const intervalMs = 24 * 60 * 60 * 1000
/** The first check waits, so that the start and the first requests come first. */
const firstDelayMs = 2000
const timeoutMs = 10_000

/** The answer to `GET /v1/models`. */
const ModelList = Type.Object({ data: Type.Array(Type.Object({ id: Type.String() })) })

const keyNotice = "The model's server refuses the key: check OPENAI_API_KEY."

type Options = {
  openai: ModelServer
  name: string
  events: EventBus
}

/** The result of a check; `unclear` if the server gave no usable answer. */
type Finding = 'unclear' | 'known' | 'unknown' | 'key refused' | { shutdownDate: string }

/**
 * Warns the operator about a wrong key, an unknown model or an announced shutdown, before users notice. Asks the
 * model's server after the start and once a day (https://platform.openai.com/docs/api-reference/models), and observes
 * the results of generation calls. A notice is repeated daily; the end of a notice is published once.
 */
export function watchModel({ openai, name, events }: Options) {
  let calls: 'untried' | 'work' | 'key refused' = 'untried'
  let found: Finding = 'unclear'
  let published: string | undefined
  const stopping = new AbortController()
  const interval = setInterval(() => check({ repeat: true }), intervalMs)
  interval.unref()
  const firstCheck = setTimeout(() => check({ repeat: false }), firstDelayMs)
  firstCheck.unref()

  events.on('model.answered', () => {
    calls = 'work'
    publish()
  })
  events.on('model.failed', ({ data: { fault } }) => {
    if (fault === 'unauthorized') calls = 'key refused'
    else if (fault === 'not_found') calls = 'untried'
    else return
    publish()
  })

  async function check({ repeat }: { repeat: boolean }) {
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), stopping.signal])
    const finding = await retrieveModel(openai, name, signal)
    if (finding === 'unclear') return
    found = finding
    publish(repeat)
  }

  /** Publishes the notice if it has changed. With `repeat`, publishes an unchanged notice too. */
  function publish(repeat = false) {
    const notice = chooseNotice()
    if (notice === published && !(repeat && notice)) return
    published = notice
    void events.emit('model.noticed', { notice })
  }

  /** Calls say more than a check: a key may lack the permission to read models, and a server may accept any name. */
  function chooseNotice(): string | undefined {
    if (calls === 'key refused') return keyNotice
    if (typeof found === 'object') {
      return `The model ${name} will be shut down on ${found.shutdownDate}: choose another OPENAI_MODEL before.`
    }
    if (calls === 'work') return undefined
    if (found === 'key refused') return keyNotice
    return found === 'unknown' ? `The server does not know the model ${name}: check OPENAI_MODEL.` : undefined
  }

  return {
    stop() {
      clearInterval(interval)
      clearTimeout(firstCheck)
      stopping.abort()
    },
  }
}

async function retrieveModel(openai: ModelServer, name: string, signal: AbortSignal): Promise<Finding> {
  try {
    const model = await openai.models.retrieve(name, { signal })
    const shutdownDate = formatDate((model as { shutdown_date?: unknown } | null)?.shutdown_date)
    return shutdownDate ? { shutdownDate } : 'known'
  } catch (error) {
    // Some servers have no route for a single model.
    return error instanceof NotFoundError ? findInList(openai, name, signal) : toFinding(error)
  }
}

async function findInList(openai: ModelServer, name: string, signal: AbortSignal): Promise<Finding> {
  try {
    // `models.list` would turn an answer of another shape into an empty list.
    const list: unknown = await openai.get('/models', { signal })
    if (!Value.Check(ModelList, list)) return 'unclear'
    return list.data.some(({ id }) => id === name) ? 'known' : 'unknown'
  } catch (error) {
    return toFinding(error)
  }
}

function toFinding(error: unknown): Finding {
  const refused = error instanceof AuthenticationError || error instanceof PermissionDeniedError
  return refused ? 'key refused' : 'unclear'
}

/** Formats epoch seconds or an ISO date as a day; `undefined` for any other value, which must not reach the log. */
function formatDate(value: unknown): string | undefined {
  const milliseconds =
    typeof value === 'number'
      ? value * 1000
      : typeof value === 'string' && value.length < 64
        ? Date.parse(value)
        : Number.NaN
  return Math.abs(milliseconds) < 8.64e15 ? new Date(milliseconds).toISOString().slice(0, 10) : undefined
}
