import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { diskFolder } from '../tests/support/folder.ts'
import { main } from '../tests/support/process.ts'
import type { Side } from './comparison.ts'
import type { Plan } from './rows.ts'
import { startServer, toCommand } from './servers.ts'
import { repeatStarts } from './starts.ts'
import { type Fact, showRange } from './tables.ts'

/** The output of the script `build` in package.json. */
const output = 'dist/challenges'

/** Measures the size of the executable, and its start beside the start with Bun. */
export async function measureExecutable(plan: Plan): Promise<Fact[]> {
  if (!plan.wants('executable')) return []
  using folder = diskFolder()
  const executable = build(join(import.meta.dir, '..'), `${folder.path}/challenges`)
  const empty = buildEmpty(folder.path)
  const begin = (name: string, command: string[]) => () =>
    startServer({
      log: `${folder.path}/${name}.log`,
      database: `file:${folder.path}/${name}.db`,
      modelUrl: plan.model.url,
      command,
    })
  const { built, source } = await repeatStarts(plan.rounds, {
    built: begin('built', [executable]),
    source: begin('source', toCommand(main)),
  })
  return [
    {
      what: 'Size of the executable',
      measured: `${toMegabytes(executable)} MB`,
      target: `${toMegabytes(empty)} MB (an empty program)`,
    },
    {
      what: 'Executable: start to first answer',
      measured: `${showRange(built.ms)} ms`,
      target: `${showRange(source.ms)} ms (\`bun src/main.ts\`)`,
    },
    {
      what: 'Executable: memory at rest',
      measured: `${showRange(built.megabytes)} MB`,
      target: `${showRange(source.megabytes)} MB (\`bun src/main.ts\`)`,
    },
  ]
}

/** Compares the sizes of the executables of two checkouts, and their starts. */
export async function compareExecutables(plan: Plan, roots: Record<Side, string>): Promise<Fact[]> {
  if (!plan.wants('executable')) return []
  using folder = diskFolder()
  const paths = {
    first: build(roots.first, `${folder.path}/first`),
    second: build(roots.second, `${folder.path}/second`),
  }
  const begin = (side: Side) => () =>
    startServer({
      log: `${folder.path}/${side}.log`,
      database: `file:${folder.path}/${side}.db`,
      modelUrl: plan.model.url,
      command: [paths[side]],
    })
  const { first, second } = await repeatStarts(plan.rounds, {
    first: begin('first'),
    second: begin('second'),
  })
  return [
    {
      what: 'Size of the executable',
      measured: `${toMegabytes(paths.first)} MB`,
      target: `${toMegabytes(paths.second)} MB (the other checkout)`,
    },
    {
      what: 'Executable: start to first answer',
      measured: `${showRange(first.ms)} ms`,
      target: `${showRange(second.ms)} ms (the other checkout)`,
    },
  ]
}

/** Runs the script `build` of a checkout with another output. Returns the output. */
function build(root: string, path: string): string {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const script = scripts.build ?? ''
  if (!script.includes(output)) throw new Error(`The script build of ${root} does not write ${output}.`)
  run(['sh', '-c', script.replaceAll(output, path)], root)
  return path
}

/** Compiles a program that does nothing: the size of Bun itself. */
function buildEmpty(folder: string): string {
  const [program, path] = [`${folder}/empty.ts`, `${folder}/empty`]
  writeFileSync(program, '')
  run([process.execPath, 'build', '--compile', program, '--outfile', path], folder)
  return path
}

function run(command: string[], cwd: string) {
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` }
  const { exitCode, stderr } = Bun.spawnSync(command, { cwd, env, stdout: 'ignore', stderr: 'pipe' })
  if (exitCode !== 0) throw new Error(`${command.join(' ')} failed: ${stderr.toString()}`)
}

const toMegabytes = (path: string) => (statSync(path).size / 1e6).toFixed(1)
