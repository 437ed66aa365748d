import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Program } from './bank-checks.ts'

/** What came of a program: whether it ended well, its output without the last newline, and its messages. */
export type Outcome = { ok: boolean; printed: string; messages: string }

type Tool = { needs?: string; file: string; steps: string[][] }

/** For each language its tool, the file of a program, and the commands that run it in that file's folder. */
const tools: Record<string, Tool> = {
  javascript: { file: 'main.js', steps: [[process.execPath, 'main.js']] },
  typescript: { file: 'main.ts', steps: [[process.execPath, 'main.ts']] },
  python: { needs: 'python3', file: 'main.py', steps: [['python3', 'main.py']] },
  ruby: { needs: 'ruby', file: 'main.rb', steps: [['ruby', 'main.rb']] },
  php: { needs: 'php', file: 'main.php', steps: [['php', '-d', 'display_errors=stderr', 'main.php']] },
  bash: { needs: 'bash', file: 'main.sh', steps: [['bash', '../main.sh']] },
  go: { needs: 'go', file: 'main.go', steps: [['go', 'run', 'main.go']] },
  rust: {
    needs: 'rustc',
    file: 'main.rs',
    steps: [['rustc', '--edition', '2021', '-A', 'warnings', 'main.rs'], ['./main']],
  },
  cpp: {
    needs: 'g++',
    file: 'main.cpp',
    steps: [['g++', '-std=c++20', '-o', 'main', 'main.cpp'], ['./main']],
  },
}

export const toolNames = [...Object.keys(tools), 'java']

/** The command of the tool if this machine lacks it. */
export function missingCommand(tool: string): string | undefined {
  const command = tool === 'java' ? 'javac' : tools[tool]?.needs
  return command && !Bun.which(command) ? command : undefined
}

/**
 * The same Git everywhere: with an identity, and without the settings of the machine. Without the variables of a hook,
 * such as GIT_DIR, which would lead the programs to the repository of the hook.
 */
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_COUNT: '2',
  GIT_CONFIG_KEY_0: 'init.defaultBranch',
  GIT_CONFIG_VALUE_0: 'main',
  GIT_CONFIG_KEY_1: 'advice.detachedHead',
  GIT_CONFIG_VALUE_1: 'false',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
  GIT_EDITOR: 'true',
  GOTOOLCHAIN: 'local',
  LC_ALL: 'C.UTF-8',
  NO_COLOR: '1',
}

/** Runs a program in a new folder. */
export async function runProgram({ tool, source }: Program, folder: string): Promise<Outcome> {
  const { file = '', steps = [] } = tools[tool] ?? {}
  await Bun.write(join(folder, file), source)
  // A Bash program must see an empty folder.
  const cwd = tool === 'bash' ? join(folder, 'empty') : folder
  if (!existsSync(cwd)) mkdirSync(cwd)
  let outcome: Outcome = { ok: false, printed: '', messages: '' }
  for (const step of steps) {
    outcome = await runStep(step, cwd)
    if (!outcome.ok) break
  }
  return outcome
}

async function runStep(command: string[], cwd: string): Promise<Outcome> {
  const child = Bun.spawn(command, {
    cwd,
    env: environment,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: 120_000,
  })
  const [printed, messages, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { ok: exitCode === 0, printed: printed.trimEnd(), messages }
}

/** Compiles and runs all programs in one virtual machine of Java. */
export async function runAllInJava(programs: readonly Program[], folder: string): Promise<Outcome[]> {
  const folders = programs.map((_, at) => join(folder, String(at)))
  await Promise.all(programs.map(({ source }, at) => Bun.write(`${folders[at]}/Main.java`, source)))
  // These options halve the time, because the programs are short.
  const java = ['java', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']
  const run = await runStep([...java, join(import.meta.dir, 'RunPrograms.java'), ...folders], folder)
  if (!run.ok) throw new Error(`Java ran no programs: ${run.messages}`)
  return await Promise.all(
    folders.map(async (own) => {
      const messages = await Bun.file(join(own, 'messages')).text()
      const printed = await Bun.file(join(own, 'printed')).text()
      return { ok: messages === '', printed: printed.trimEnd(), messages }
    }),
  )
}

/** Compiles all programs with one run of TypeScript's compiler. */
export async function compileAll(programs: readonly Program[], folder: string): Promise<Outcome[]> {
  await Promise.all(programs.map(({ source }, at) => Bun.write(join(folder, `p${at}.ts`), source)))
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: 'esnext',
    module: 'preserve',
    lib: ['esnext', 'dom', 'dom.iterable'],
    types: [],
    // Without it, programs without imports share their names.
    moduleDetection: 'force',
  }
  await Bun.write(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  const tsc = join(import.meta.dir, '../../node_modules/.bin/tsc')
  const { printed } = await runStep([tsc, '--singleThreaded', '--pretty', 'false', '-p', folder], folder)
  return programs.map((_, at) => {
    const messages = printed.split('\n').filter((line) => line.startsWith(`p${at}.ts(`))
    return { ok: messages.length === 0, printed: '', messages: messages.join('\n') }
  })
}
