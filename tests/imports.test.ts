import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { sourceFiles as files, matches } from './support/source-files.ts'

/**
 * The files that each layer may import at run time (any file may use `import type`). The first matching line counts.
 * Imports run one way: main, commands, compose, app, routes, services, store. No feature imports another.
 */
const layers: [place: string, mayImport: string[]][] = [
  ['main.ts', ['commands/{broken-pipe,command,name-program,program}.ts', 'bun-version.ts']],
  ['bun-version.ts', ['package.json']],
  ['commands/program.ts', ['commands/*', 'config.ts', 'package.json']],
  [
    'commands/*',
    [
      'commands/{broken-pipe,command,import-all,name-program,progress,quality-*,questions-*,store}.ts',
      'compose.ts',
      '{events,log,log-format,log-output}.ts',
      'package.json',
      '{authoring,clerk,import,store}/*',
      'authoring/model/client.ts',
      'store/sqlite/{copy,export,replace}.ts',
      'quota.ts',
    ],
  ],
  [
    'compose.ts',
    [
      'app.ts',
      'compose/*',
      '{events,log}.ts',
      'http/stop-server.ts',
      '{answers,clerk,operations,quota}/*',
      'store/open.ts',
    ],
  ],
  ['compose/*', ['log.ts', '{authoring,challenges}/*', 'authoring/model/*']],
  ['app.ts', ['http/*', '*/routes.ts', 'operations/*']],
  ['import/*', ['import/*', 'store/sqlite/read-file.ts']],
  ['config.ts', ['config/*']],
  ['config/warnings.ts', []],
  ['config/variables.ts', ['log-format.ts', 'clerk/keys.ts', 'config/{database-url,origins}.ts']],
  ['config/{database-url,origins}.ts', []],
  [
    '{question,suspicion,topics,quota,events,failure,fingerprint,jitter,json,lazy,limits,loopback,once}.ts',
    [],
  ],
  ['log.ts', ['log-format.ts']],
  ['log-output.ts', ['log-format.ts']],
  ['log-format.ts', []],
  ['{data-folder,problem,problem-kinds,rate-limit-headers,semaphore,timings}.ts', []],
  ['{time-zone,user-id,worker-url}.ts', []],

  ['http/*', ['http/*', 'log.ts']],
  ['operations/*', ['operations/*', 'events.ts', 'http/{problems,problem-schemas}.ts', 'package.json']],
  ['answers/routes.ts', ['answers/*', 'http/*']],
  ['challenges/routes.ts', ['challenges/*', 'http/*']],
  ['clerk/routes.ts', ['http/*']],
  ['quota/routes.ts', ['quota/*', 'http/*']],
  ['topics/routes.ts', ['http/*']],
  ['documentation/*', ['documentation/*', 'pages/*', 'web/openapi/*.css', 'package.json']],
  ['playground/*', ['playground/*', 'pages/*', 'web/**/*.css', 'http/{body,schema}.ts']],
  ['pages/*', ['pages/*', 'web/icon.svg']],
  ['web/playground/*', ['web/playground/*', 'web/*']],
  ['web/openapi/*', []],
  ['web/*', ['web/*']],

  ['answers/{schemas,progress-schemas}.ts', ['http/{enumerations,schema}.ts']],
  ['challenges/schemas.ts', ['http/{enumerations,schema}.ts']],
  ['quota/schemas.ts', ['http/schema.ts']],
  ['answers/*', ['answers/*']],
  ['challenges/*', ['challenges/*', 'authoring/budget.ts']],
  ['clerk/*', ['clerk/*', 'events.ts']],
  ['quota/*', []],
  ['authoring/model/*', ['authoring/model/*']],
  ['authoring/run/*', ['authoring/run/*']],
  ['authoring/*', ['authoring/*', 'authoring/{model,run}/*', 'authoring/bank/*']],
  ['store/*', ['store/*/store.ts', 'store/migrations/**']],
  ['store/sqlite/*', ['store/*', 'store/sqlite/*']],
  ['store/postgres/*', ['store/*', 'store/postgres/*']],
]

/** Small files that every file outside the browser may import. */
const vocabulary = [
  '{data-folder,question,suspicion,topics,quota,failure,fingerprint,jitter,json,lazy,limits,loopback,once}.ts',
  '{problem,problem-kinds,rate-limit-headers,semaphore,time-zone,timings,user-id,worker-url}.ts',
]

/** A relative import as a path below src. */
const resolved = (from: string, to: string) => join('/', from, '..', to).slice(1)

const toCrossings = (path: string, imports: string[]) =>
  imports.filter((to) => to.startsWith('.')).map((to) => ({ from: path, to: resolved(path, to) }))

const crossings = files.flatMap(({ path, imports }) => toCrossings(path, imports))

const placeOf = (path: string) => layers.find(([place]) => matches(path, [place]))

test('every file of src belongs to a layer, and imports only what the layer allows', () => {
  expect(files.filter(({ path }) => !placeOf(path)).map(({ path }) => path)).toEqual([])
  const mayImport = (path: string) => [
    ...(placeOf(path)?.[1] ?? []),
    ...(path.startsWith('web/') ? [] : vocabulary),
  ]
  const broken = crossings.filter(({ from, to }) => !matches(to, mayImport(from)))
  expect(broken.map(({ from, to }) => `${from} imports ${to}`)).toEqual([])
})

test('every import that a layer allows exists', () => {
  const idle = layers.flatMap(([place, allowed]) => {
    const made = crossings.filter(({ from }) => placeOf(from)?.[0] === place).map(({ to }) => to)
    return allowed.filter((to) => !made.some((path) => matches(path, [to]))).map((to) => `${place} → ${to}`)
  })

  expect(idle).toEqual([])
})

test('no imports form a circle, those of types included', () => {
  const types = files.flatMap(({ path, typeImports }) => toCrossings(path, typeImports))
  const next = (path: string) =>
    [...crossings, ...types].filter(({ from }) => from === path).map(({ to }) => to)
  const settled = new Set<string>()
  function visit(path: string, way: string[]) {
    expect([...way, path]).toEqual([...new Set([...way, path])])
    if (settled.has(path)) return
    for (const one of next(path)) visit(one, [...way, path])
    settled.add(path)
  }

  for (const { path } of files) visit(path, [])
  expect(Math.min(crossings.length, types.length)).toBeGreaterThan(50)
})

test('only main.ts reads the environment', () => {
  const reading = /\b(process|Bun|import\.meta)\s*\??\.\s*env\b|\benv\b[^=\n]*\}\s*=\s*process\b/
  const readers = files.filter(({ text }) => reading.test(text))

  expect(readers.map(({ path }) => path)).toEqual(['main.ts'])
})

test('no file is named index, utils, helpers, common or misc', () => {
  expect(files.filter(({ path }) => /(^|\/)(index|utils?|helpers?|common|misc)(\.ts|\/)/.test(path))).toEqual(
    [],
  )
})
