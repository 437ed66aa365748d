import { expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Glob } from 'bun'
import project from '../package.json'
import { Environment } from '../src/config/variables.ts'

setDefaultTimeout(60_000)

const root = join(import.meta.dir, '..')

test('the TypeScript example of the documentation compiles with the server’s types', async () => {
  const text = await Bun.file(join(root, 'docs/front-ends.md')).text()
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(text) ?? []
  expect(example).toContain('treaty<App>')
  // In node_modules the example finds its packages.
  const folder = join(root, 'node_modules/.readme')
  const write = (name: string, code: string) =>
    Bun.write(join(folder, name), `declare const token: string\n${code}`.replaceAll('./src/', '../../src/'))
  await write('good.ts', example)
  // Shows that the types refuse a wrong member.
  await write('bad.ts', example.replace('data.title', 'data.heading'))
  const include = ['good.ts', 'bad.ts', '../../src/assets.d.ts']
  await Bun.write(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.json', include }))
  const tsc = Bun.spawn([process.execPath, join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], {
    stdout: 'pipe',
  })
  const said = (await new Response(tsc.stdout).text()).trim().split('\n')

  expect(said).toEqual([expect.stringMatching(/bad\.ts.*'heading' does not exist/)])
})

const documents = await Promise.all(
  ['*.md', 'docs/*.md']
    .flatMap((pattern) => [...new Glob(pattern).scanSync(root)])
    .map(async (path) => {
      return { path, text: await Bun.file(join(root, path)).text() }
    }),
)

test('every file that a document names or links to exists', () => {
  const named = documents.flatMap(({ path, text }) => [
    ...[...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, to = '']) => join(dirname(path), to)),
    ...[...text.matchAll(/`((?:src|tests|bench)\/[\w./-]+\.ts)`/g)].map(([, to = '']) => to),
  ])

  expect(named.length).toBeGreaterThan(30)
  expect(named.filter((to) => !existsSync(join(root, to)))).toEqual([])
})

test('every variable is documented, and listed in .env.example', async () => {
  const explained = documents.find(({ path }) => path === 'docs/configuration.md')?.text ?? ''
  const example = await Bun.file(join(root, '.env.example')).text()
  const names = Object.keys(Environment.properties)

  expect(names.filter((name) => !explained.includes(`\`${name}\``))).toEqual([])
  expect(
    names.filter((name) => name !== 'NODE_ENV' && !new RegExp(`^#? ?${name}=`, 'm').test(example)),
  ).toEqual([])
})

test('every command that a document names exists', () => {
  const known = [...Object.keys(project.scripts), 'run', 'install']
  const named = documents.flatMap(({ text }) =>
    [...text.matchAll(/\bbun(?:@[\d.]+)? (?:run )?([a-z][\w./-]*)/g)].map(([, name = '']) => name),
  )

  expect(named.length).toBeGreaterThan(30)
  expect(named.filter((name) => !known.includes(name) && !existsSync(join(root, name)))).toEqual([])
})
