import { join } from 'node:path'
import { Glob } from 'bun'

const root = join(import.meta.dir, '../..')

/** The documents of the repository. */
export const documents = await Promise.all(
  ['*.md', 'docs/*.md']
    .flatMap((pattern) => [...new Glob(pattern).scanSync(root)])
    .map(async (path) => ({ path, text: await Bun.file(join(root, path)).text() })),
)

/** The examples of all documents: their fenced blocks. */
export const examples = documents.flatMap(({ path, text }) =>
  [...text.matchAll(/^(`{3,})(\w*)\n([\s\S]*?)^\1$/gm)].map(([, , language = '', code = '']) => ({
    path,
    language,
    code,
  })),
)

/** The examples of a document in a language. */
export function examplesIn(path: string, language: string): string[] {
  return examples
    .filter((example) => example.path === path && example.language === language)
    .map(({ code }) => code)
}
