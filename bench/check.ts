import { join } from 'node:path'
import type { Plan } from './rows.ts'
import type { Fact } from './tables.ts'

/** Measures the time of `bun run check`, which must succeed. */
export async function measureCheck({ wants }: Plan): Promise<Fact[]> {
  if (!wants('check')) return []
  const begin = performance.now()
  const child = Bun.spawn([process.execPath, 'run', 'check'], {
    cwd: join(import.meta.dir, '..'),
    stdout: 'ignore',
    stderr: 'inherit',
  })
  if ((await child.exited) !== 0) throw new Error('`bun run check` failed.')
  const seconds = (performance.now() - begin) / 1000
  return [{ what: '`bun run check`', measured: `${seconds.toFixed(0)} s`, target: '≤ 90 s' }]
}
