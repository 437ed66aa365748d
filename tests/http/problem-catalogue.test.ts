import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { Glob } from 'bun'

test('only the catalogue creates problems', async () => {
  const src = join(import.meta.dir, '../../src')
  const creators: string[] = []
  for (const path of new Glob('**/*.ts').scanSync(src)) {
    if (/\bnew Problem\(/.test(await Bun.file(join(src, path)).text())) creators.push(path)
  }

  expect(creators).toEqual(['problem.ts'])
})
