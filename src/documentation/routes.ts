import type { Elysia } from 'elysia'
import { browserScripts } from '../pages/browser-scripts.ts' with { type: 'macro' }
import icon from '../pages/icon.svg' with { type: 'text' }
import { servePage } from '../pages/serve.ts'
import style from '../pages/style.css' with { type: 'text' }
import documentationStyle from './documentation.css' with { type: 'text' }
import type { Document } from './openapi.ts'
import { documentationPage } from './page.ts'

const shared = browserScripts('pages/browser')
const scripts = browserScripts('documentation/browser')

/** `GET /openapi/json` for programs, and `GET /openapi` for people. */
export function documentationRoutes(document: Document): Elysia {
  const files: Record<string, string> = {
    'icon.svg': icon,
    'style.css': style,
    'documentation.css': documentationStyle,
    ...shared,
    ...scripts,
  }
  const app = servePage({ path: '/openapi', page: documentationPage(document), folder: '/openapi', files })
  app.get('/openapi/json', () => document, { detail: { hide: true } })
  return app
}
