import { join } from 'node:path'
import { Glob } from 'bun'

const src = join(import.meta.dir, '../../src')
const transpiler = new Bun.Transpiler({ loader: 'ts' })
/** Whether a path below `src` fits one of the glob patterns. */
export const matches = (path: string, patterns: string[]) =>
  patterns.some((pattern) => new Glob(pattern).match(path))

/** Every file of `src` with its imports: those at run time, and those of types only. */
export const sourceFiles = await Promise.all(
  [...new Glob('**/*.ts').scanSync(src)]
    .filter((path) => !path.endsWith('.d.ts'))
    .map(async (path) => {
      const text = await Bun.file(join(src, path)).text()
      const imports = transpiler.scanImports(text).map((one) => one.path)
      const typeImports = [...text.matchAll(/^(?:import|export) type [^'"]*? from ['"]([^'"]+)['"]/gm)]
      return { path, text, imports, typeImports: typeImports.map(([, from = '']) => from) }
    }),
)
