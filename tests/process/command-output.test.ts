import { expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { nameProgram } from '../../src/commands/name-program.ts'
import { loadCommands } from '../../src/commands/program.ts'
import { until } from '../support/async.ts'
import { temporaryFolder } from '../support/folder.ts'
import { main } from '../support/process.ts'
import { freePort } from '../support/tcp-path.ts'

setDefaultTimeout(60_000)

const commands = await loadCommands()
const names = Object.keys(commands)
const usageOf = (name: string) => commands[name]?.usage ?? ''

test('every command has a line in the table of the documentation', async () => {
  const operations = await Bun.file(join(import.meta.dir, '../../docs/operations.md')).text()
  const [table = ''] = operations.split('\n## ').filter((part) => part.startsWith('Commands'))
  for (const name of names) {
    const script = name === 'serve' ? 'start' : name
    expect(table).toMatch(new RegExp(`^\\| .*\`bun (run )?${script}[ \`]`, 'm'))
  }
})

test('a compiled executable names itself in its usage', () => {
  const usages = names.map((name) => nameProgram(usageOf(name), './challenges'))
  expect(usages.filter((usage) => /\bbun\b/.test(usage))).toEqual([])
  expect(usages[names.indexOf('token')]).toStartWith('Usage: ./challenges token [user_id]\n')
  expect(usages[names.indexOf('serve')]).toStartWith('Usage: ./challenges serve\n')
  expect(nameProgram('set DATABASE_URL and run: bun run import old.db', 'c')).toEndWith(
    'run: c import old.db',
  )
})

const scripts = ['bench/bench.ts', '.ci/check.ts', '.ci/build-types.ts']
test.each(scripts)('%s answers --help, and refuses unknown options', async (path) => {
  for (const [word, status] of [
    ['--help', 0],
    ['--nonsense', 1],
  ] as const) {
    const child = Bun.spawn([process.execPath, join(import.meta.dir, '../..', path), word], {
      stdout: 'pipe',
      stderr: 'pipe',
    })
    const output = [await new Response(child.stdout).text(), await new Response(child.stderr).text()]
    expect(output.splice(status, 1)[0]).toContain('Usage: bun run ')
    expect(output).toEqual([''])
    expect(await child.exited).toBe(status)
  }
})

// The first command waits until the reader of the pipe has ended.
test.each([
  ['a closed pipe', 'exec > >(exit 0); wait $!;', 141, /^$/],
  ['a full disk', 'exec > /dev/full;', 1, /^Standard output cannot be written: [^\n]+\.\n$/],
])('a command that prints into %s ends without a stack', async (_, before, status, said) => {
  const child = Bun.spawn(['bash', '-c', `${before} exec "$0" "$1" --help`, process.execPath, main], {
    stdout: 'ignore',
    stderr: 'pipe',
  })
  expect(await new Response(child.stderr).text()).toMatch(said)
  expect(await child.exited).toBe(status)
})

test('the server serves on when its log cannot be written', async () => {
  using folder = temporaryFolder()
  const port = freePort()
  const child = Bun.spawn(['bash', '-c', 'exec "$0" "$1" > /dev/full', process.execPath, main], {
    cwd: folder.path,
    env: { PORT: String(port) },
    stderr: 'pipe',
  })
  try {
    const ask = () => fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined)
    // The log has lines before the first answer, and one for each answer.
    for (let n = 0; n < 3; n++) expect((await until(ask, 'the server answers')).status).toBe(200)
    child.kill('SIGTERM')
    expect(await child.exited).toBe(0)
    expect(await new Response(child.stderr).text()).toBe('')
  } finally {
    child.kill('SIGKILL')
  }
})
