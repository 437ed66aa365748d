import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { Glob } from 'bun'
import { sourceFiles as files } from './support/source-files.ts'

test('every export is used by another file or a test', async () => {
  const tests = await Promise.all(
    [...new Glob('**/*.ts').scanSync(import.meta.dir)].map((path) =>
      Bun.file(join(import.meta.dir, path)).text(),
    ),
  )
  const exported = files.flatMap(({ path, text }) =>
    [...text.matchAll(/^export (?:async )?(?:const|function|class|type|interface) (\w+)/gm)].map(
      ([, name = '']) => ({ path, name }),
    ),
  )
  const idle = exported.filter(({ path, name }) => {
    const word = new RegExp(`\\b${name}\\b`)
    return ![...files.filter((file) => file.path !== path).map(({ text }) => text), ...tests].some((text) =>
      word.test(text),
    )
  })

  expect(exported.length).toBeGreaterThan(100)
  expect(idle).toEqual([])
})
