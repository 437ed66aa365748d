import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { Glob } from 'bun'
import project from '../package.json'

/**
 * Who may import whom, at run time (an `import type` is free). The first line that fits a file counts. It runs one
 * way: main, commands, compose, app, routes, rules, store. Features do not know one another, but for two pure files.
 */
const layers: [place: string, mayImport: string[]][] = [
  ['main.ts', ['commands/{program,command}.ts']],
  ['commands/program.ts', ['commands/*', 'config.ts', 'package.json']],
  [
    'commands/*',
    [
      'commands/command.ts',
      'compose.ts',
      '{events,log,log-output}.ts',
      '{authoring,clerk,store,takeover}/*',
      'quota/policy.ts',
    ],
  ],
  ['compose.ts', ['app.ts', '{events,log}.ts', '{authoring,challenges,clerk,operation,quota,store}/*']],
  ['app.ts', ['http/*', '*/routes.ts', 'operation/*']],
  ['takeover/*', ['takeover/*', 'authoring/draft.ts', 'store/sqlite-file.ts']],
  ['{config,environment}.ts', ['{environment,log}.ts', 'clerk/keys.ts', 'http/schema.ts']],
  ['{challenge,events,json,log,log-output,loopback,problem,user-id}.ts', []],

  ['http/*', ['http/*', 'log.ts']],
  ['operation/*', ['http/problems.ts']],
  ['challenges/routes.ts', ['challenges/*', 'http/*']],
  ['clerk/routes.ts', ['http/*']],
  ['quota/routes.ts', ['quota/*', 'http/*']],
  ['documentation/*', ['documentation/*', 'pages/**', 'package.json']],
  ['playground/*', ['playground/*', 'pages/**', 'http/body.ts']],
  ['pages/*', ['pages/*']],
  ['pages/browser/*', ['pages/browser/*']],
  ['documentation/browser/*', ['pages/browser/*']],
  ['playground/browser/*', ['playground/browser/*', 'pages/browser/*']],

  ['{challenges,quota}/model.ts', ['http/schema.ts', 'quota/policy.ts']],
  ['challenges/*', ['challenges/*', 'authoring/failure.ts', 'quota/policy.ts']],
  ['clerk/*', ['clerk/*']],
  ['quota/*', []],
  ['authoring/*', ['authoring/**']],
  ['store/*', ['store/**']],
]

/** Pure files that every file outside the browser may import. */
const vocabulary = ['{challenge,json,loopback,problem,user-id}.ts']

/** Where each vendor is known, its types included. */
const vendors: Record<string, string[]> = {
  '@clerk/backend': ['clerk/*'],
  '@elysiajs/cors': ['http/cors.ts'],
  '@elysiajs/openapi': ['documentation/document.ts'],
  '@sinclair/typebox': ['**'],
  'bun:sqlite': ['store/*', 'takeover/original.ts'],
  'drizzle-orm': ['store/*'],
  elysia: ['app.ts', '{http,operation}/*', '*/routes.ts', 'pages/serve.ts', 'documentation/document.ts'],
  emittery: ['events.ts'],
  'lru-cache': ['clerk/sessions.ts'],
  openai: ['authoring/*'],
  'prom-client': ['operation/metrics.ts'],
  svix: ['clerk/*', 'commands/webhook.ts'],
}

const src = join(import.meta.dir, '../src')
const transpiler = new Bun.Transpiler({ loader: 'ts' })
const matches = (path: string, patterns: string[]) =>
  patterns.some((pattern) => new Glob(pattern).match(path))

const files = await Promise.all(
  [...new Glob('**/*.ts').scanSync(src)]
    .filter((path) => !path.endsWith('.d.ts'))
    .map(async (path) => {
      const text = await Bun.file(join(src, path)).text()
      const imports = transpiler.scanImports(text).map((one) => one.path)
      const typeImports = [...text.matchAll(/^(?:import|export) type [^'"]*? from ['"]([^'"]+)['"]/gm)]
      return { path, text, imports, typeImports: typeImports.map(([, from = '']) => from) }
    }),
)

/** A relative import as a path below src. */
const resolved = (from: string, to: string) => join('/', from, '..', to).slice(1)

const crossings = files.flatMap(({ path, imports }) =>
  imports.filter((to) => to.startsWith('.')).map((to) => ({ from: path, to: resolved(path, to) })),
)

const placeOf = (path: string) => layers.find(([place]) => matches(path, [place]))

test('every file has its place, and imports what its place allows', () => {
  expect(files.filter(({ path }) => !placeOf(path)).map(({ path }) => path)).toEqual([])
  const mayImport = (path: string) => [
    ...(placeOf(path)?.[1] ?? []),
    ...(path.includes('browser/') ? [] : vocabulary),
  ]
  const broken = crossings.filter(({ from, to }) => !matches(to, mayImport(from)))
  expect(broken.map(({ from, to }) => `${from} imports ${to}`)).toEqual([])
})

test('no place may import what it does not', () => {
  const idle = layers.flatMap(([place, allowed]) => {
    const made = crossings.filter(({ from }) => placeOf(from)?.[0] === place).map(({ to }) => to)
    return allowed.filter((to) => !made.some((path) => matches(path, [to]))).map((to) => `${place} → ${to}`)
  })

  expect(idle).toEqual([])
})

test('no file imports itself by a detour', () => {
  const next = (path: string) => crossings.filter(({ from }) => from === path).map(({ to }) => to)
  const settled = new Set<string>()
  function visit(path: string, way: string[]) {
    expect([...way, path]).toEqual([...new Set([...way, path])])
    if (settled.has(path)) return
    for (const one of next(path)) visit(one, [...way, path])
    settled.add(path)
  }

  for (const { path } of files) visit(path, [])
  expect(crossings.length).toBeGreaterThan(50)
})

test.each(Object.entries(vendors))('%s is known in %p alone', (vendor, places) => {
  const users = files.filter(({ imports, typeImports }) =>
    [...imports, ...typeImports].some((to) => to === vendor || to.startsWith(`${vendor}/`)),
  )

  expect(users.length).toBeGreaterThan(0)
  expect(users.map(({ path }) => path).filter((path) => !matches(path, places))).toEqual([])
})

test('every vendor has a place', () => {
  expect(Object.keys(project.dependencies).filter((name) => !(name in vendors))).toEqual([])
})

test('what is imported is Bun’s, Node’s by its full name, a dependency, or a file by its full name', () => {
  const known = [...Object.keys(vendors), 'bun']
  const strange = files.flatMap(({ path, imports, typeImports }) =>
    [...imports, ...typeImports]
      .filter((to) => !/^node:|^\.{1,2}\/.*\.(ts|sql|json|yaml|css|svg|html)$/.test(to))
      .filter((to) => !known.some((vendor) => to === vendor || to.startsWith(`${vendor}/`)))
      .map((to) => `${path} imports ${to}`),
  )

  expect(strange).toEqual([])
})

test('the environment is read in main.ts alone', () => {
  const reading = /\b(process|Bun|import\.meta)\s*\??\.\s*env\b|\benv\b[^=\n]*\}\s*=\s*process\b/
  const readers = files.filter(({ text }) => reading.test(text))

  expect(readers.map(({ path }) => path)).toEqual(['main.ts'])
})

test('no file is longer than 150 lines, and none is a barrel or a drawer for the rest', () => {
  const lines = ({ text }: { text: string }) => text.trimEnd().split('\n').length
  const long = files.filter((file) => lines(file) > 150)

  expect(long.map((file) => `${file.path} has ${lines(file)} lines`)).toEqual([])
  expect(files.filter(({ path }) => /(^|\/)(index|utils?|helpers?|common|misc)(\.ts|\/)/.test(path))).toEqual(
    [],
  )
})

test('what is exported is used by another file, or by a test', async () => {
  const tests = await Promise.all(
    [...new Glob('**/*.ts').scanSync(import.meta.dir)].map((path) =>
      Bun.file(join(import.meta.dir, path)).text(),
    ),
  )
  const exported = files.flatMap(({ path, text }) =>
    [...text.matchAll(/^export (?:async )?(?:const|function|class|type|interface) (\w+)/gm)].map(
      ([, name = '']) => ({ path, name }),
    ),
  )
  const idle = exported.filter(({ path, name }) => {
    const word = new RegExp(`\\b${name}\\b`)
    return ![...files.filter((file) => file.path !== path).map(({ text }) => text), ...tests].some((text) =>
      word.test(text),
    )
  })

  expect(exported.length).toBeGreaterThan(100)
  expect(idle).toEqual([])
})
