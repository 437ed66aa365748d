import OpenAI from 'openai'
import { boundedFetch } from './bounded-fetch.ts'

/** The server that the model runs on: OpenAI's, or one that speaks its API. */
export function connectModelServer({ apiKey, baseURL }: { apiKey: string; baseURL?: string | undefined }) {
  // Retries are ours to count, and only the caller's signal bounds a call. The SDK must not log what it sends.
  return new OpenAI({ apiKey, baseURL: baseURL ?? null, maxRetries: 0, logLevel: 'off', fetch: boundedFetch })
}
