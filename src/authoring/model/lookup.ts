import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { ModelServer } from './client.ts'
import type { ConfigurationFault } from './notices.ts'
import { findRefusal, toModelError } from './refusal.ts'

/** The answer to `GET /v1/models`. */
const ModelList = Type.Object({ data: Type.Array(Type.Object({ id: Type.String() })) })

/** The server's information about a model; `unclear` if the server gave no usable answer. */
export type Finding = 'unclear' | 'known' | ConfigurationFault | { shutdownDate: string }

/** Looks a model up (https://platform.openai.com/docs/api-reference/models). */
export async function lookUpModel(server: ModelServer, name: string, signal: AbortSignal): Promise<Finding> {
  try {
    const model = await server.openai.models.retrieve(name, { signal })
    const shutdownDate = formatDate((model as { shutdown_date?: unknown } | null)?.shutdown_date)
    return shutdownDate ? { shutdownDate } : 'known'
  } catch (error) {
    // Some servers have no route for a single model.
    const isMissing = findRefusal(error)?.status === 404
    return isMissing ? findInList(server, name, signal) : toFinding(error, signal)
  }
}

async function findInList(server: ModelServer, name: string, signal: AbortSignal): Promise<Finding> {
  try {
    // `models.list` would turn an answer of another shape into an empty list.
    const list: unknown = await server.openai.get('/models', { signal })
    if (!Value.Check(ModelList, list)) return 'unclear'
    return list.data.some(({ id }) => id === name) ? 'known' : 'not_found'
  } catch (error) {
    return toFinding(error, signal)
  }
}

/** A server may lack the routes for models: only a refused key and a refused connection tell something. */
function toFinding(error: unknown, signal: AbortSignal): Finding {
  const { fault } = toModelError(error, signal)
  return fault === 'unauthorized' || fault === 'unreachable' ? fault : 'unclear'
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
