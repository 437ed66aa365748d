import OpenAI from 'openai'
import { boundedFetch } from './bounded-fetch.ts'

/** The longest that a timer can run, in milliseconds. */
const never = 2 ** 31 - 1

/** The server that the model runs on: OpenAI's, or one that speaks its API. */
export function connectModelServer({ apiKey, baseURL }: { apiKey: string; baseURL?: string | undefined }) {
  return new OpenAI({
    apiKey,
    baseURL: baseURL ?? null,
    fetch: boundedFetch,
    // Generation counts its attempts itself.
    maxRetries: 0,
    // The caller's signal alone bounds a call. The SDK's default, ten minutes, is also the largest budget.
    timeout: never,
    // The SDK must not log what it sends.
    logLevel: 'off',
  })
}
