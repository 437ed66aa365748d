import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type OpenAI from 'openai'
import { AuthenticationError, NotFoundError, PermissionDeniedError } from 'openai'
import type { EventBus } from '../events.ts'

/** How often, how soon after the start, and for how long the server is asked; in milliseconds. */
const intervalMs = 24 * 60 * 60 * 1000
const delayMs = 2000
const timeoutMs = 10_000

/** The answer to `GET /v1/models`. */
const ModelList = Type.Object({ data: Type.Array(Type.Object({ id: Type.String() })) })

const keyNotice = "The model's server refuses the key: check OPENAI_API_KEY."

type Options = {
  openai: OpenAI
  name: string
  events: EventBus
}

/** What a look at the server found out; `unclear` when it could not be asked, which says nothing about the model. */
type Finding = 'unclear' | 'key refused' | { notice: string | undefined }

/**
 * Asks the model's server about the model, after the start and once a day
 * (https://platform.openai.com/docs/api-reference/models), and listens to what becomes of the calls: a model that the
 * server does not know, or is going to shut down, or a wrong key, would otherwise be noticed by users only. The one
 * notice that there is to publish is decided in `tell`.
 */
export function watchModel({ openai, name, events }: Options) {
  let key: 'unknown' | 'works' | 'refused' = 'unknown'
  let aboutModel: string | undefined
  let told: string | undefined
  const stopping = new AbortController()
  const timer = setInterval(look, intervalMs)
  timer.unref()
  // Not in the way of the start, nor of the first requests.
  const first = setTimeout(look, delayMs)
  first.unref()

  events.on('model.answered', () => {
    key = 'works'
    tell()
  })
  events.on('model.failed', ({ data }) => {
    if (data.fault !== 'unauthorized') return
    key = 'refused'
    tell()
  })

  async function look() {
    const found = await lookUp(
      openai,
      name,
      AbortSignal.any([AbortSignal.timeout(timeoutMs), stopping.signal]),
    )
    if (found === 'unclear') return
    // A key that the model's calls are answered with may not be allowed to look at models.
    if (found === 'key refused') key = key === 'works' ? key : 'refused'
    else {
      if (key === 'refused') key = 'unknown'
      aboutModel = found.notice
    }
    tell({ again: true })
  }

  /** Publishes the notice if it has changed. With `again`, also if there is one still. */
  function tell({ again = false } = {}) {
    const notice = key === 'refused' ? keyNotice : aboutModel
    if (notice === told && !(again && notice)) return
    told = notice
    void events.emit('model.noticed', { notice })
  }

  return {
    stop() {
      clearInterval(timer)
      clearTimeout(first)
      stopping.abort()
    },
  }
}

async function lookUp(openai: OpenAI, name: string, signal: AbortSignal): Promise<Finding> {
  try {
    const model = await openai.models.retrieve(name, { signal })
    const date = dateOf((model as { shutdown_date?: unknown } | null)?.shutdown_date)
    return {
      notice: date && `The model ${name} will be shut down on ${date}: choose another OPENAI_MODEL before.`,
    }
  } catch (error) {
    // Some servers have no route for one model.
    return error instanceof NotFoundError ? lookUpInList(openai, name, signal) : findingOf(error)
  }
}

async function lookUpInList(openai: OpenAI, name: string, signal: AbortSignal): Promise<Finding> {
  try {
    // `models.list` takes an answer of another shape for an empty list.
    const list: unknown = await openai.get('/models', { signal })
    if (!Value.Check(ModelList, list)) return 'unclear'
    const known = list.data.some(({ id }) => id === name)
    return { notice: known ? undefined : `The server does not know the model ${name}: check OPENAI_MODEL.` }
  } catch (error) {
    return findingOf(error)
  }
}

function findingOf(error: unknown): Finding {
  const refused = error instanceof AuthenticationError || error instanceof PermissionDeniedError
  return refused ? 'key refused' : 'unclear'
}

/** A day from epoch seconds or an ISO date; only what is surely a date is repeated. */
function dateOf(value: unknown): string | undefined {
  const milliseconds =
    typeof value === 'number'
      ? value * 1000
      : typeof value === 'string' && value.length < 64
        ? Date.parse(value)
        : Number.NaN
  return Math.abs(milliseconds) < 8.64e15 ? new Date(milliseconds).toISOString().slice(0, 10) : undefined
}
