import { expect, test } from 'bun:test'
import { join } from 'node:path'

const root = join(import.meta.dir, '../..')

test('the TypeScript of the README compiles against the server’s own types', async () => {
  const readme = await Bun.file(join(root, 'README.md')).text()
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? []
  expect(example).toContain('treaty<App>')
  // Inside of node_modules, where it finds the packages and disturbs nothing.
  const folder = join(root, 'node_modules/.readme')
  const compile = async (code: string) => {
    await Bun.write(
      join(folder, 'example.ts'),
      `declare const token: string\n${code}`.replaceAll('./src/', '../../src/'),
    )
    const config = { extends: '../../tsconfig.json', include: ['example.ts', '../../src/assets.d.ts'] }
    await Bun.write(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const tsc = Bun.spawn([process.execPath, join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], {
      stdout: 'pipe',
    })
    return { exitCode: await tsc.exited, said: await new Response(tsc.stdout).text() }
  }

  expect(await compile(example)).toEqual({ exitCode: 0, said: '' })
  expect((await compile(example.replace('data.title', 'data.heading'))).said).toContain(
    "'heading' does not exist",
  )
}, 60_000)
