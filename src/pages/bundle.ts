import { fileURLToPath } from 'node:url'

/**
 * Bundles a script of `src/web` into one module for a browser. Call `bundle` as a macro
 * (https://bun.com/docs/bundler/macros), so that a compiled executable, which has no sources, contains the result.
 * The bundler runs in a process of its own, because a macro that calls `Bun.build` would wait for itself.
 */
export function bundle(entry: string): string {
  const cwd = fileURLToPath(new URL('../web', import.meta.url))
  // `--minify` drops comments, which contain file names.
  const command = [process.execPath, 'build', entry, '--target=browser', '--minify']
  const { success, stdout, stderr } = Bun.spawnSync(command, { cwd })
  if (!success) throw new Error(`${entry} cannot be bundled: ${stderr}`)
  return stdout.toString()
}
