import type { Elysia } from 'elysia'
import { browserScripts } from '../pages/browser-scripts.ts' with { type: 'macro' }
import { servePage } from '../pages/serve.ts'
import documentationStyle from './documentation.css' with { type: 'text' }
import type { Document } from './openapi.ts'
import { documentationPage } from './page.ts'

const scripts = browserScripts('documentation/browser')

/** `GET /openapi/json` for programs, and `GET /openapi` for people. */
export function documentationRoutes(document: Document): Elysia {
  const files = { 'documentation.css': documentationStyle, ...scripts }
  const app = servePage({ path: '/openapi', page: documentationPage(document), folder: '/openapi', files })
  app.get('/openapi/json', () => document, { detail: { hide: true } })
  return app
}
