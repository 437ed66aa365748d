/**
 * `bun run build:types [file]`: writes the type `App` into one declaration file, for Eden in another repository. The file
 * needs no package but `elysia`, which Eden needs too.
 */
import { join, resolve } from 'node:path'
import { API } from 'typescript/unstable/async'
import { version } from '../package.json'

const root = join(import.meta.dir, '..')
const source = join(root, 'src/app.ts')
const target = resolve(readFile() ?? join(root, 'dist/api.d.ts'))
/** TypeScript's `NodeBuilderFlags`: NoTruncation, MultilineObjectLiterals, InTypeAlias, UseSingleQuotes…. */
const flags = 1 | 1024 | 8_388_608 | 268_435_456
/** Elysia's own answer to an invalid request, which it adds to the type of every route. This server answers 400. */
const elysiaAnswer = /^ +422: \{\s+type: 'validation';[^}]*\};\n/gm

/** The file that the command names, if it names one. Ends the process for help, and for words that are not understood. */
function readFile(): string | undefined {
  const usage =
    'Usage: bun run build:types [file]\n\nWrites the type of the API for Eden, to dist/api.d.ts unless a file is named.\n'
  const words = process.argv.slice(2)
  const unknown = words.find((word, place) => place > 0 || word.startsWith('-'))
  if (/^(--help|-h|help)$/.test(words[0] ?? '')) {
    process.stdout.write(usage)
    process.exit()
  }
  if (unknown === undefined) return words[0]
  process.stderr.write(`Unexpected argument: ${unknown}.\n\n${usage}`)
  process.exit(1)
}

/** The type of the routes as text. All types in it are inferred from schemas, so TypeScript writes them out. */
async function printRoutes(): Promise<string> {
  const api = new API({ cwd: root })
  try {
    const config = join(root, 'tsconfig.json')
    const project = (await api.updateSnapshot({ openProjects: [config] })).getProject(config)
    const checker = project?.checker
    const text = (await project?.program.getSourceFile(source))?.text ?? ''
    const app = await checker?.getTypeAtPosition(source, text.indexOf('App = ReturnType'))
    const member = app && (await checker?.getPropertyOfType(app, '~Routes'))
    const routes = member && (await checker?.getTypeOfSymbol(member))
    if (!checker || !routes) throw new Error(`TypeScript does not find the type App in ${source}.`)
    return await checker.typeToString(routes, undefined, flags)
  } finally {
    await api.close()
  }
}

const routes = (await printRoutes()).replace(elysiaAnswer, '')
const unfit = /'validation'|\bimport\(|\bany\b|\.\.\./.exec(routes)
if (unfit) throw new Error(`The type of the routes is not written out: it contains ${unfit[0]}.`)
await Bun.write(
  target,
  `// The type of the API of version ${version} for Eden, written by \`bun run build:types\`.
import type { Elysia } from 'elysia'

type Routes = ${routes}

// Eden reads the routes only.
export type App = Elysia<'', any, any, any, Routes>
`,
)
process.stdout.write(`${target}\n`)
