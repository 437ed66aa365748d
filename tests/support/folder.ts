import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system in memory with more than 2 GB free, where a commit waits for no disk, or else that of temporary files. */
const fastest = hasSpace('/dev/shm') ? '/dev/shm' : tmpdir()

function hasSpace(path: string) {
  if (!existsSync(path)) return false
  const { bavail, bsize } = statfsSync(path)
  return bavail * bsize > 2 * 2 ** 30
}

/**
 * A new empty folder, which is removed at the end of the block. Programs that are executed from a folder need `diskFolder`:
 * systems may forbid that in memory.
 */
export function temporaryFolder(parent = fastest) {
  const path = mkdtempSync(join(parent, 'challenges-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** As `temporaryFolder`, on the disk: for measurements of what is durable, and for programs. */
export const diskFolder = () => temporaryFolder(tmpdir())

/** The contents of all files in a folder. */
export function filesIn(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  return Object.fromEntries(
    names.map((name) => {
      const path = join(folder, name)
      return [name, statSync(path).isDirectory() ? 'folder' : readFileSync(path).toString('base64')]
    }),
  )
}
