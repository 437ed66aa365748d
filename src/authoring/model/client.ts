import OpenAI from 'openai'
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions'
import type { EventBus } from '../../events.ts'
import type { ModelFault } from '../../failure.ts'
import { fetchWithLimit } from './fetch.ts'
import { createLadder, type Format } from './ladder.ts'
import { readAnswer, readUsage } from './reading.ts'
import { findRefusal, isBadSample, mayRefuseFormat, refusesReasoningEffort, toModelError } from './refusal.ts'
import { type Prompt, toRequest } from './request.ts'
import { createTurns } from './turns.ts'

/** The longest delay of a timer, in milliseconds. */
const longestTimeoutMs = 2 ** 31 - 1

export type ModelServer = ReturnType<typeof connectModelServer>

type Connection = {
  apiKey: string
  baseURL?: string | undefined
  /** The calls of the models that may run at once. */
  concurrency: number
}

/** Connects to OpenAI, or to another server with the same API. */
export function connectModelServer({ apiKey, baseURL, concurrency }: Connection) {
  const openai = new OpenAI({
    apiKey,
    baseURL: baseURL ?? null,
    fetch: fetchWithLimit,
    // Generation counts its attempts itself.
    maxRetries: 0,
    // Only the caller's signal ends a call: the SDK's default, ten minutes, could come before the signal.
    timeout: longestTimeoutMs,
    // The SDK would log prompts and answers.
    logLevel: 'off',
  })
  return { openai, takeTurn: createTurns(concurrency) }
}

export type ModelClient = ReturnType<typeof createModelClient>

type Options = {
  server: ModelServer
  name: string
  reasoningEffort?: string | undefined
  events: EventBus
  /** Monotonic, in milliseconds. */
  clock?: () => number
}

/** One chat model behind the Chat Completions API (https://platform.openai.com/docs/api-reference/chat). */
export function createModelClient(options: Options) {
  const { server, name, events, clock = () => performance.now() } = options
  const ladder = createLadder(clock)
  /** `undefined` after the server refused it. */
  let effort = options.reasoningEffort

  /** Asks the model and returns the JSON object of its answer. @throws ModelError for every failure */
  return async function ask<T>(prompt: Prompt<T>, signal: AbortSignal): Promise<T> {
    try {
      return await tryFormats(prompt, signal)
    } catch (error) {
      const failure = toModelError(error, signal)
      void events.emit('model.failed', { model: name, fault: failure.fault, quiet: prompt.quiet ?? false })
      throw failure
    }
  }

  /**
   * Calls with each less strict format while the server may refuse the format. If every format is refused, the first
   * error is thrown, since the format is not the cause.
   */
  async function tryFormats<T>(prompt: Prompt<T>, signal: AbortSignal): Promise<T> {
    const formats = ladder.listFormats()
    const refusals = []
    for (const format of formats) {
      try {
        const answer = await callWithEffort(prompt, format, signal)
        ladder.onAccepted(format, { afterBadSample: refusals.some(isBadSample) })
        return answer
      } catch (error) {
        const refusal = findRefusal(error)
        if (signal.aborted || !refusal || !mayRefuseFormat(refusal)) throw error
        refusals.push(refusal)
      }
    }
    const [first] = refusals
    try {
      if (first && [400, 422].includes(first.status) && effort && formats.length > 1)
        return await callWithoutEffort(prompt, 'text', signal)
    } catch {
      // The parameter is not the cause either.
    }
    ladder.onAllRefused()
    throw first
  }

  /** Calls, and calls again without `reasoning_effort` if the server says that it refuses it. */
  async function callWithEffort<T>(prompt: Prompt<T>, format: Format, signal: AbortSignal): Promise<T> {
    const sent = effort
    try {
      return await call(prompt, toRequest(name, prompt, { format, effort: sent }), signal)
    } catch (error) {
      const refusal = findRefusal(error)
      if (!sent || signal.aborted || !refusal || !refusesReasoningEffort(refusal)) throw error
      dropEffort()
      return call(prompt, toRequest(name, prompt, { format }), signal)
    }
  }

  /** Some servers refuse a parameter without naming it: leaves it out from now on if the call works without it. */
  async function callWithoutEffort<T>(prompt: Prompt<T>, format: Format, signal: AbortSignal): Promise<T> {
    const answer = await call(prompt, toRequest(name, prompt, { format }), signal)
    dropEffort()
    return answer
  }

  function dropEffort() {
    if (effort) void events.emit('model.refused_option', { model: name, option: 'reasoning_effort' })
    effort = undefined
  }

  async function call<T>(
    prompt: Prompt<T>,
    request: ChatCompletionCreateParamsNonStreaming,
    signal: AbortSignal,
  ): Promise<T> {
    return server.takeTurn(async () => {
      const started = clock()
      let outcome: 'answered' | ModelFault = 'answered'
      try {
        const completion = await server.openai.chat.completions.create(request, { signal })
        const format = request.response_format?.type ?? 'text'
        void events.emit('model.answered', { ...readUsage(completion), format })
        return readAnswer(completion, prompt.read)
      } catch (error) {
        outcome = toModelError(error, signal).fault
        throw error
      } finally {
        void events.emit('model.called', { model: name, outcome, seconds: (clock() - started) / 1000 })
      }
    }, signal)
  }
}
