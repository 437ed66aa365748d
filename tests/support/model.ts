export type Authored = {
  question: string
  code: string | null
  explanation: string
  answer: string
  distractors: string[]
}

export type ModelRequest = {
  /** Taken from the response format, or from the prompt if there is none. */
  kind: 'challenge' | 'review'
  body: { model: string; messages: { role: string; content: string }[]; response_format?: { type: string } }
  headers: Headers
  signal: AbortSignal
}

type Answer = unknown | Response | Promise<unknown | Response>

let written = 0

/** A unique challenge that breaks no rule. */
export function goodChallenge(): Authored {
  const n = ++written
  return {
    question: `What is ${n} plus ${n}?`,
    code: null,
    explanation: `Adding ${n} to itself gives ${2 * n}.`,
    answer: `${2 * n}`,
    distractors: [`${2 * n + 1}`, `${2 * n + 2}`, `${2 * n + 3}`],
  }
}

/**
 * A Chat Completions server on loopback. `author` and `review` return the answers: a value becomes the JSON of a
 * completion, and a `Response` is sent unchanged. By default the reviewer gives the answer of the author.
 */
export function startModel() {
  const keys = new Map<string, string>()
  const model = {
    author: goodChallenge as (request: ModelRequest) => Answer,
    review: ((request) => ({ reason: 'Worked out.', answer: keyOf(request) })) as (
      request: ModelRequest,
    ) => Answer,
    /** Answers `GET /v1/models/{model}`. */
    describe: () => Response.json({ id: 'test', object: 'model' }),
    /** Answers `GET /v1/models`. */
    list: () => new Response('no', { status: 404 }),
    requests: [] as ModelRequest[],
    /** The paths of the look-ups of models. */
    lookUps: [] as string[],
    /** The number of calls in flight, and its maximum. */
    active: 0,
    peak: 0,
    url: '',
    calls: (kind: ModelRequest['kind']) => model.requests.filter((request) => request.kind === kind).length,
    async [Symbol.asyncDispose]() {
      await server.stop(true)
    },
  }

  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url)
      if (request.method === 'GET') model.lookUps.push(pathname)
      if (pathname === '/v1/models/test') return model.describe()
      if (pathname === '/v1/models') return model.list()
      if (pathname !== '/v1/chat/completions') return new Response('no', { status: 404 })
      const body = (await request.json()) as ModelRequest['body']
      const asked: ModelRequest = {
        kind: kindOf(body),
        body,
        headers: request.headers,
        signal: request.signal,
      }
      model.requests.push(asked)
      model.peak = Math.max(model.peak, ++model.active)
      try {
        const answer = await (asked.kind === 'challenge' ? model.author(asked) : model.review(asked))
        if (answer instanceof Response) return answer
        if (asked.kind === 'challenge') remember(answer)
        return completion(JSON.stringify(answer))
      } finally {
        model.active--
      }
    },
  })
  model.url = `http://127.0.0.1:${server.port}/v1`

  function remember(answer: unknown) {
    const { question, answer: key } = answer as Partial<Authored>
    if (question && key) keys.set(question, key)
  }

  /** The author's answer to the question of a review. */
  function keyOf({ body }: ModelRequest): string | null {
    const task = body.messages.at(-1)?.content ?? ''
    return [...keys].findLast(([question]) => task.includes(question))?.[1] ?? null
  }

  return model
}

export type Model = ReturnType<typeof startModel>

/** A model whose author answers no request before `resume` is called. */
export function startPausedModel() {
  const model = startModel()
  const gate = Promise.withResolvers<void>()
  model.author = () => gate.promise.then(goodChallenge)
  return Object.assign(model, { resume: gate.resolve })
}

function kindOf(body: ModelRequest['body']): ModelRequest['kind'] {
  const format = body.response_format as { json_schema?: { name?: string } } | undefined
  const system = body.messages[0]?.content ?? ''
  const named =
    format?.json_schema?.name ?? (system.includes('check multiple-choice') ? 'review' : 'challenge')
  return named === 'review' ? 'review' : 'challenge'
}

/** A completion with this text. */
export function completion(content: unknown, choice: object = {}, message: object = {}): Response {
  return Response.json({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'test',
    choices: [
      {
        index: 0,
        finish_reason: 'stop',
        message: { role: 'assistant', content, refusal: null, ...message },
        ...choice,
      },
    ],
    usage: { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 },
  })
}
