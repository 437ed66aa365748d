import { expect, setDefaultTimeout, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import project from '../../package.json'
import { loadCommands, runProgram } from '../../src/commands/program.ts'
import { capture } from '../support/command.ts'
import { temporaryFolder } from '../support/folder.ts'
import { runToEnd } from '../support/process.ts'

setDefaultTimeout(60_000)

const root = join(import.meta.dir, '../..')
const invalid = { PORT: 'many', DATABASE_URL: 'mysql://nowhere' }
const commands = await loadCommands()
const names = Object.keys(commands)
const argumentsOf = (count: number) => Array.from({ length: count }, (_, n) => `argument_${n + 1}`)
/** One argument more than the command takes. */
const tooMany = (name: string) => argumentsOf((commands[name]?.words[1] ?? 0) + 1)
/** One argument less than each command needs. */
const tooFew = Object.entries(commands).flatMap(([name, { words }]) =>
  words[0] === 0 ? [] : [[name, argumentsOf(words[0] - 1)] as const],
)

const usageOf = (name: string) => commands[name]?.usage ?? ''
const run = (...args: string[]) => capture(() => runProgram(args, invalid))
const nothing = { failure: undefined, usage: undefined }

test.each(names)('the usage of `%s` names the command, and has at most 120 columns', (name) => {
  expect(usageOf(name)).toMatch(new RegExp(`^Usage: .*bun (run )?${name === 'serve' ? 'start' : name}`))
  expect(
    Math.max(
      ...usageOf(name)
        .split('\n')
        .map(({ length }) => length),
    ),
  ).toBeLessThanOrEqual(120)
})

test.each(names.flatMap((name) => ['--help', '-h', 'help'].map((word) => [name, word] as const)))(
  '`%s %s` prints the usage, in an invalid environment too',
  async (name, word) => {
    expect(await run(name, word)).toEqual({ ...nothing, stdout: `${usageOf(name)}\n` })
  },
)

test.each(names)('`help %s` prints the usage, and --help works beside other arguments', async (name) => {
  const printed = { ...nothing, stdout: `${usageOf(name)}\n` }

  expect(await run('help', name)).toEqual(printed)
  expect(await run('--help', name)).toEqual(printed)
  expect(await run(name, ...tooMany(name), '--help')).toEqual(printed)
})

test.each(names)('`%s` refuses an unknown option, and shows its usage', async (name) => {
  for (const option of ['--nonsense', '-x', '--nonsense=1', '--no-help', '--Help']) {
    const { stdout, failure, usage } = await run(name, option)
    expect({ stdout, usage }).toEqual({ stdout: '', usage: usageOf(name) })
    expect(failure).toMatch(/^Unknown option '[\w-]+'\.$/)
  }
})

test.each(names)('`%s` refuses an argument too many, and an empty one, and shows its usage', async (name) => {
  const words = tooMany(name)
  const refused = { stdout: '', usage: usageOf(name) }
  expect(await run(name, ...words)).toEqual({ ...refused, failure: `Unexpected argument: ${words.at(-1)}.` })
  expect(await run(name, '')).toEqual({ ...refused, failure: 'An argument is empty.' })
})

test.each(tooFew)('`%s` without a required argument shows its usage', async (name, words) => {
  const failure = 'An argument is missing.'
  expect(await run(name, ...words)).toEqual({ stdout: '', failure, usage: usageOf(name) })
})

test.each(['--help', '-h', 'help', 'help help', 'help --help'])('`%s` lists every command', async (words) => {
  const { stdout, failure } = await run(...words.split(' '))

  expect(failure).toBeUndefined()
  for (const name of names) expect(stdout).toMatch(new RegExp(`^ +${name} +\\w`, 'm'))
})

test.each(['--version', '-v'])('`%s` prints the version, alone and after every command', async (option) => {
  const version = { ...nothing, stdout: `${project.version}\n` }

  expect(await run(option)).toEqual(version)
  for (const name of names) expect(await run(name, option)).toEqual(version)
})

test.each(['frobnicate', 'constructor', '__proto__', ''])(
  'the unknown command %p is refused in one sentence that lists the commands',
  async (word) => {
    for (const args of [[word], [word, '--help'], ['help', word]]) {
      const { stdout, failure } = await run(...args)
      expect(stdout).toBe('')
      expect(failure).toBe(`There is no command ${word}: use ${names.join(', ')}.`)
    }
  },
)

test('options without a command belong to the server', async () => {
  const failure = "Unknown option '--port'."
  expect(await run('--port=9')).toEqual({ stdout: '', failure, usage: usageOf('serve') })
})

test('arguments are checked before the environment', async () => {
  expect((await run('token', '--nonsense')).usage).toBe(usageOf('token'))
  const { stdout, failure } = await run('token')
  expect(stdout).toBe('')
  expect(failure).toContain('PORT')
})

test.each([
  [['token', '--help'], 0],
  [['serve', '--port=9'], 1],
])('a process with %p prints to one stream, writes no file, and exits with %i', async (args, status) => {
  using folder = temporaryFolder()
  const { exitCode, stdout, stderr } = await runToEnd({ cwd: folder.path, env: { PORT: '0' }, args })

  expect(exitCode).toBe(status)
  expect(status === 0 ? stderr : stdout).toBe('')
  expect(stdout + stderr).toMatch(/^Usage: /m)
  expect(readdirSync(folder.path)).toEqual([])
})

test.each(names.filter((name) => name !== 'serve'))(
  'the script `%s` of package.json runs its command',
  (name) => {
    expect(project.scripts[name as 'token']).toBe(`bun src/main.ts ${name}`)
  },
)

test.each(['start', 'token'] as const)(
  'the script `%s` of package.json passes its arguments on',
  async (script) => {
    // The script itself does not install packages; its `pre…` script does.
    const child = Bun.spawn(['sh', '-c', `${project.scripts[script]} "$@"`, 'sh', '--help'], {
      cwd: root,
      env: { PATH: process.env.PATH ?? '' },
      stdout: 'pipe',
    })

    const stdout = await new Response(child.stdout).text()
    expect(await child.exited).toBe(0)
    expect(stdout).toStartWith('Usage: ')
  },
)
