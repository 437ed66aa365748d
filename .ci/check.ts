/** `bun run check` runs the scripts below one after another, and stops at the first that fails. */
const scripts = ['test', 'types', 'lint', 'audit']
const usage = `Usage: bun run check\n\nRuns what CI runs: ${scripts.join(', ')}.\n`

const [word] = process.argv.slice(2)
if (word === undefined) {
  for (const script of scripts) {
    const { exitCode } = Bun.spawnSync([process.execPath, 'run', script], {
      stdio: ['inherit', 'inherit', 'inherit'],
    })
    if (exitCode !== 0) process.exit(1)
  }
} else if (/^(--help|-h|help)$/.test(word)) {
  process.stdout.write(usage)
} else {
  process.stderr.write(`Unexpected argument: ${word}.\n\n${usage}`)
  process.exit(1)
}

export {}
