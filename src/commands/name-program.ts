/** In a compiled executable, the entry file is in a virtual folder. */
const isExecutable = /^(\/\$bunfs\/|[A-Z]:[\\/]~BUN[\\/])/.test(Bun.main)

/** Turns the calls in a text, such as `bun run token`, into calls of the executable where the program is one. */
export function nameProgram(text: string, executable = isExecutable ? process.argv0 : undefined): string {
  return executable === undefined
    ? text
    : text.replace(/\bbun (run|start|src\/main\.ts)\b/g, (_, word) =>
        word === 'start' ? `${executable} serve` : executable,
      )
}
