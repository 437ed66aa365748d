import { fileURLToPath } from 'node:url'

/**
 * A script of `src/web` and its imports as one module for a browser. Call it as a macro
 * (https://bun.com/docs/bundler/macros): its result is then part of an executable, which has no sources.
 * Bun's bundler runs as a process of its own, since a macro that calls `Bun.build` would wait for itself.
 */
export function bundle(entry: string): string {
  const cwd = fileURLToPath(new URL('../web', import.meta.url))
  // Names of files stand in comments, which `--minify-whitespace` drops.
  const command = [process.execPath, 'build', entry, '--target=browser', '--minify-whitespace']
  const { success, stdout, stderr } = Bun.spawnSync(command, { cwd })
  if (!success) throw new Error(`${entry} cannot be bundled: ${stderr}`)
  return stdout.toString()
}
