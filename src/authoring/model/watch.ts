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
type Finding = 'unclear' | 'key refused' | { notice: string | undefined }

/**
 * Warns the operator about a wrong key, an unknown model or an announced shutdown, before users notice. Asks the
 * model's server after the start and once a day (https://platform.openai.com/docs/api-reference/models), and observes
 * the results of generation calls. A notice is repeated daily; the end of a notice is published once.
 */
export function watchModel({ openai, name, events }: Options) {
  let key: 'unknown' | 'works' | 'refused' = 'unknown'
  let modelNotice: string | undefined
  let published: string | undefined
  const stopping = new AbortController()
  const interval = setInterval(check, intervalMs)
  interval.unref()
  const firstCheck = setTimeout(check, firstDelayMs)
  firstCheck.unref()

  events.on('model.answered', () => {
    key = 'works'
    publish()
  })
  events.on('model.failed', ({ data }) => {
    if (data.fault !== 'unauthorized') return
    key = 'refused'
    publish()
  })

  async function check() {
    const found = await retrieveModel(
      openai,
      name,
      AbortSignal.any([AbortSignal.timeout(timeoutMs), stopping.signal]),
    )
    if (found === 'unclear') return
    // A key that works for generation may lack the permission to read models.
    if (found === 'key refused') key = key === 'works' ? key : 'refused'
    else {
      if (key === 'refused') key = 'unknown'
      modelNotice = found.notice
    }
    publish({ repeat: true })
  }

  /** Publishes the notice if it has changed. With `repeat`, publishes an unchanged notice too. */
  function publish({ repeat = false } = {}) {
    const notice = key === 'refused' ? keyNotice : modelNotice
    if (notice === published && !(repeat && notice)) return
    published = notice
    void events.emit('model.noticed', { notice })
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
    const date = formatDate((model as { shutdown_date?: unknown } | null)?.shutdown_date)
    return {
      notice: date && `The model ${name} will be shut down on ${date}: choose another OPENAI_MODEL before.`,
    }
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
    const known = list.data.some(({ id }) => id === name)
    return { notice: known ? undefined : `The server does not know the model ${name}: check OPENAI_MODEL.` }
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
