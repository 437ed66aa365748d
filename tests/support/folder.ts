import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A new empty folder, removed at the end of the block. */
export function temporaryFolder() {
  const path = mkdtempSync(join(tmpdir(), 'challenges-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
