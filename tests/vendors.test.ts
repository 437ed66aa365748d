import { expect, test } from 'bun:test'
import project from '../package.json'
import { sourceFiles as files, matches } from './support/source-files.ts'

/** The files that may import each dependency, its types included. */
const vendors: Record<string, string[]> = {
  '@clerk/backend': ['clerk/*'],
  '@elysiajs/cors': ['http/cors.ts'],
  '@elysiajs/openapi': ['documentation/document.ts'],
  '@jitl/quickjs-wasmfile-release-sync': ['authoring/run/*'],
  '@prometheus-io/client': ['operations/*'],
  '@sinclair/typebox': ['**'],
  'bun:sqlite': ['store/sqlite/*', 'import/fastapi.ts'],
  'drizzle-orm': ['store/*/*'],
  elysia: ['app.ts', '{http,operations}/*', '*/routes.ts', 'pages/serve.ts', 'documentation/document.ts'],
  emittery: ['events.ts'],
  'highlight.js': ['web/highlight.ts'],
  openai: ['authoring/model/*'],
  'quickjs-emscripten-core': ['authoring/run/*'],
  'swagger-ui-dist': ['documentation/routes.ts'],
  svix: ['clerk/*', 'commands/webhook.ts'],
}

test.each(Object.entries(vendors))('%s is imported in %p only', (vendor, places) => {
  const users = files.filter(({ imports, typeImports }) =>
    [...imports, ...typeImports].some((to) => to === vendor || to.startsWith(`${vendor}/`)),
  )

  expect(users.length).toBeGreaterThan(0)
  expect(users.map(({ path }) => path).filter((path) => !matches(path, places))).toEqual([])
})

test('every dependency is in the table', () => {
  expect(Object.keys(project.dependencies).filter((name) => !(name in vendors))).toEqual([])
})

test('every import is from Bun, from node:, from a dependency, or a file with its extension', () => {
  const known = [...Object.keys(vendors), 'bun']
  const strange = files.flatMap(({ path, imports, typeImports }) =>
    [...imports, ...typeImports]
      .filter((to) => !/^node:|^\.{1,2}\/.*\.(ts|sql|json|yaml|css|svg|html)$/.test(to))
      .filter((to) => !known.some((vendor) => to === vendor || to.startsWith(`${vendor}/`)))
      .map((to) => `${path} imports ${to}`),
  )

  expect(strange).toEqual([])
})
