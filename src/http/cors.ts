import { cors } from '@elysiajs/cors'

/** CORS for exactly these origins. All options are explicit: by default, the plugin reflects every request header. */
export function allowOrigins(origins: string[]) {
  return cors({
    origin: origins,
    methods: ['GET', 'POST'],
    allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'x-request-id'],
    exposeHeaders: ['retry-after', 'x-request-id', 'ratelimit', 'ratelimit-policy'],
    // Front ends that fetch with credentials need this; the server reads no cookies.
    credentials: true,
    maxAge: 600,
  })
}
