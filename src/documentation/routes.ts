import type { AnyElysia, Elysia } from 'elysia'
import { browserScripts } from '../pages/browser-scripts.ts' with { type: 'macro' }
import { servePage } from '../pages/serve.ts'
import { toDocument } from './document.ts'
import documentationStyle from './documentation.css' with { type: 'text' }
import { documentationPage } from './page.ts'

const scripts = browserScripts('documentation/browser')

/** `GET /openapi/json` for programs, and `GET /openapi` for people: what `documented` answers. */
export function documentationRoutes(documented: AnyElysia): Elysia {
  const document = toDocument(documented)
  const files = { 'documentation.css': documentationStyle, ...scripts }
  const app = servePage({ path: '/openapi', page: documentationPage(document), folder: '/openapi', files })
  app.get('/openapi/json', () => document, { detail: { hide: true } })
  return app
}
