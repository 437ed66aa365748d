/**
 * `bun run audit`: asks the package registry for known weaknesses of the dependencies that are shipped. Where the
 * registry has no such service, or cannot be reached, it says so and passes: that says nothing about the code.
 */
const audit = Bun.spawn([process.execPath, 'audit', '--prod'], { stdout: 'pipe', stderr: 'pipe' })
const [stdout, stderr, exitCode] = await Promise.all([
  new Response(audit.stdout).text(),
  new Response(audit.stderr).text(),
  audit.exited,
])
const unanswered = /error: (POST|Failed|Unable|Connect|fetch)|ECONN|ENOTFOUND|EAI_AGAIN/i.test(stderr)
if (exitCode !== 0 && unanswered) {
  process.stdout.write('The registry cannot be asked for known weaknesses from here: not audited.\n')
} else {
  process.stdout.write(stdout + stderr)
  process.exit(exitCode)
}

export {}
