import { cors } from '@elysiajs/cors'

/**
 * Headers that tracing in browsers adds to requests: Trace Context and Baggage (https://www.w3.org/TR/trace-context/,
 * https://www.w3.org/TR/baggage/), Sentry, Datadog.
 */
const tracingHeaders = [
  ...['traceparent', 'tracestate', 'baggage', 'sentry-trace'],
  ...['x-datadog-trace-id', 'x-datadog-parent-id', 'x-datadog-origin', 'x-datadog-sampling-priority'],
]

/**
 * CORS for exactly these origins. All options are explicit: by default, the plugin allows every request header.
 * `origin` is a function, because the plugin ignores the scheme when it compares an origin with a list.
 */
export function allowOrigins(origins: string[]) {
  return cors({
    origin: ({ headers }) => origins.includes(headers.get('origin') ?? ''),
    methods: ['GET', 'POST'],
    allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'x-request-id', ...tracingHeaders],
    exposeHeaders: ['retry-after', 'x-request-id', 'ratelimit', 'ratelimit-policy'],
    // Front ends that fetch with credentials need this; the server reads no cookies.
    credentials: true,
    maxAge: 600,
  })
}
