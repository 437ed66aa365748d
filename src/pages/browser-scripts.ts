import { readdirSync, readFileSync } from 'node:fs'

/**
 * The TypeScript files of a folder below src as JavaScript for the browser, by file name. Called as a macro
 * (https://bun.com/docs/bundler/macros), so that their text becomes part of the program, and of an executable.
 */
export function browserScripts(folder: string): Record<string, string> {
  const transpiler = new Bun.Transpiler({ loader: 'ts', target: 'browser' })
  const url = new URL(`../${folder}/`, import.meta.url)
  const scripts = readdirSync(url).map((file) => {
    const script = transpiler.transformSync(readFileSync(new URL(file, url), 'utf8'))
    // The files of several folders are served from one.
    return [file, script.replace(/\bfrom "[./]+[^"]*\/([^/"]+)"/g, 'from "./$1"')] as const
  })
  return Object.fromEntries(scripts)
}
