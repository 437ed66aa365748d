import { cors } from '@elysiajs/cors'

/**
 * CORS for exactly these origins. Everything is given in full: left to itself, the plugin reflects whatever request
 * headers it is asked for.
 */
export function allowOrigins(origins: string[]) {
  return cors({
    origin: origins,
    methods: ['GET', 'POST'],
    allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'x-request-id'],
    exposeHeaders: ['retry-after', 'x-request-id'],
    // Front ends that send their fetches with credentials need it; no cookie is ever read.
    credentials: true,
    maxAge: 600,
  })
}
