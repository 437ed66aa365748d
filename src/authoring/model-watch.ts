import type OpenAI from 'openai'
import { NotFoundError } from 'openai'
import type { EventBus } from '../events.ts'

/** How often, how soon after the start, and for how long the server is asked; in milliseconds. */
const intervalMs = 24 * 60 * 60 * 1000
const delayMs = 2000
const timeoutMs = 10_000

type Options = {
  openai: OpenAI
  name: string
  events: EventBus
}

/**
 * Asks the model's server about the model, after the start and once a day
 * (https://platform.openai.com/docs/api-reference/models): a model that it does not know, or is going to shut down, would
 * otherwise fail one day without a word. What there is to know is published.
 */
export function watchModel({ openai, name, events }: Options) {
  let notice: string | undefined
  const stopping = new AbortController()
  const timer = setInterval(look, intervalMs)
  timer.unref()
  // Not in the way of the start, nor of the first requests.
  const first = setTimeout(look, delayMs)
  first.unref()

  async function look() {
    const found = await noticeOf(openai, name, stopping.signal)
    if (found === 'unclear') return
    // A notice is repeated every day; that all is well, only once after one.
    if (notice || found.notice) void events.emit('model.noticed', found)
    notice = found.notice
  }

  return {
    stop() {
      clearInterval(timer)
      clearTimeout(first)
      stopping.abort()
    },
  }
}

/** `unclear` when the server could not be asked: that says nothing about the model. */
async function noticeOf(
  openai: OpenAI,
  name: string,
  stopped: AbortSignal,
): Promise<{ notice: string | undefined } | 'unclear'> {
  try {
    const model = await openai.models.retrieve(name, {
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), stopped]),
    })
    const date = dateOf((model as { shutdown_date?: unknown }).shutdown_date)
    return {
      notice: date && `The model ${name} will be shut down on ${date}: choose another OPENAI_MODEL before.`,
    }
  } catch (error) {
    // A 404 without words of the API's own is a server that has no such route.
    if (!(error instanceof NotFoundError) || error.error === undefined) return 'unclear'
    return { notice: `The server does not know the model ${name}: check OPENAI_MODEL.` }
  }
}

/** A day from epoch seconds or an ISO date; only what is surely a date is repeated. */
function dateOf(value: unknown): string | undefined {
  const milliseconds =
    typeof value === 'number' ? value * 1000 : typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Math.abs(milliseconds) < 8.64e15 ? new Date(milliseconds).toISOString().slice(0, 10) : undefined
}
