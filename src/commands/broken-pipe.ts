/** The status with which a shell reports a program that SIGPIPE ended. */
const brokenPipe = 141

/** Ends the program when standard output cannot be written, for example because its reader (`head`) has ended. */
export function endOnBrokenPipe() {
  process.stdout.on('error', endProgram)
}

/** The server goes on serving when the reader of its log has ended. */
export function ignoreBrokenPipe() {
  process.stdout.off('error', endProgram)
}

function endProgram({ code, message }: NodeJS.ErrnoException) {
  if (code === 'EPIPE') process.exit(brokenPipe)
  process.stderr.write(`Standard output cannot be written: ${message}.\n`)
  process.exit(1)
}
