import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryFolder } from './folder.ts'

const modules = join(import.meta.dir, '../../node_modules')

/** A project outside of this repository, with these files and nothing but these packages. */
export async function createProject(files: Record<string, string>, packages: string[]) {
  const folder = temporaryFolder()
  for (const name of packages) {
    const link = join(folder.path, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(modules, name), link)
  }
  for (const [name, text] of Object.entries(files)) await Bun.write(join(folder.path, name), text)
  return folder
}

/** Runs a command in a folder to its end. */
export async function run(command: string[], options: { cwd: string; env?: Record<string, string> }) {
  const child = Bun.spawn(command, { ...options, stdout: 'pipe', stderr: 'pipe' })
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { stdout, stderr, exitCode: await child.exited }
}
