import type { AnyElysia, Elysia } from 'elysia'
import { version } from 'swagger-ui-dist/package.json'
import swaggerStyle from 'swagger-ui-dist/swagger-ui.css' with { type: 'file' }
import swaggerScript from 'swagger-ui-dist/swagger-ui-bundle.js' with { type: 'file' }
import { servePage } from '../pages/serve.ts'
import type { Document } from './openapi.ts'
import { documentationPage } from './page.ts'

/** Browsers may keep these files: their addresses change with the version of Swagger UI. */
const kept = { [`swagger-ui-${version}.css`]: swaggerStyle, [`swagger-ui-${version}.js`]: swaggerScript }

const files = {
  'style.css': async () => (await import('./files.ts')).style,
  'main.js': async () => (await import('./files.ts')).script,
}

/**
 * `GET /openapi/json` for programs and `GET /openapi` for people: the routes of `documented`. The first request makes
 * the document, so that the start does not wait for it.
 */
export function documentationRoutes(documented: AnyElysia): Elysia {
  let document: Promise<Document> | undefined
  const folder = '/openapi'
  const page = documentationPage({
    style: `${folder}/swagger-ui-${version}.css`,
    script: `${folder}/swagger-ui-${version}.js`,
  })
  const app = servePage({ path: '/openapi', page, folder, files, kept, images: "'self' data:" })
  const read = () => {
    document ??= import('./document.ts').then(({ toDocument }) => toDocument(documented))
    return document
  }
  app.get('/openapi/json', read, { detail: { hide: true } })
  return app
}
