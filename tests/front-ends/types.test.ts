import { expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import project from '../../package.json'
import { examplesIn } from '../support/documents.ts'
import { createProject, run } from '../support/front-end.ts'

setDefaultTimeout(120_000)

const root = join(import.meta.dir, '../..')
const guide = examplesIn('docs/front-ends.md', 'ts').join('\n')
const packages = ['@elysiajs/eden', 'elysia']
const react = ['react', 'react-dom', 'react-markdown', '@types/react', '@types/react-dom']

/** A client whose data have types, and whose mistakes do not compile. */
const client = `
import { treaty } from '@elysiajs/eden'
import type { App } from './api.d.ts'

const { api } = treaty<App>('http://localhost:8000', { parseDate: false })
const { data, error } = await api['generate-challenge'].post({ difficulty: 'easy', topic: 'sql' })
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
export const typed: Equal<NonNullable<typeof data>['options'], string[]> = true
export const dated: Equal<NonNullable<typeof data>['timestamp'], string> = true
export const isCode: 'quota_exhausted' extends NonNullable<typeof error>['value']['code'] ? true : false = true
const answered = await api.challenges({ id: 1 }).answer.post({ answer_id: 1 })
export const detail: Equal<NonNullable<typeof answered.error>['value']['detail'], string> = true
// @ts-expect-error: there is no such difficulty
await api['generate-challenge'].post({ difficulty: 'impossible' })
// @ts-expect-error: there is no such topic
await api['generate-challenge'].post({ difficulty: 'easy', topic: 'cooking' })
// @ts-expect-error: the server does not know this member
await api['generate-challenge'].post({ difficulty: 'easy', colour: 'red' })
// @ts-expect-error: there is no such member
data?.heading
// @ts-expect-error: there is no such path
await api.nothing.get()
`

const compilerOptions = {
  ...{ target: 'ESNext', module: 'Preserve', moduleResolution: 'Bundler', jsx: 'react-jsx' },
  ...{ strict: true, noEmit: true, skipLibCheck: false, lib: ['ESNext', 'DOM', 'DOM.Iterable'], types: [] },
}

test('in another repository, the examples and the page of React compile with the written types', async () => {
  const page = await Bun.file(join(root, 'docs/front-end.tsx')).text()
  const tsconfig = JSON.stringify({ compilerOptions })
  const files = { 'guide.ts': guide, 'front-end.tsx': page, 'client.ts': client, 'tsconfig.json': tsconfig }
  using folder = await createProject(files, [...packages, ...react])
  const types = join(folder.path, 'api.d.ts')

  const built = await run([process.execPath, '.ci/build-types.ts', types], { cwd: root })
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const { stdout } = await run([process.execPath, tsc, '--singleThreaded', '-p', '.'], { cwd: folder.path })

  expect([built.stderr, built.exitCode]).toEqual(['', 0])
  const imported = [...(await Bun.file(types).text()).matchAll(/\bfrom '(.*)'|\bimport\(/g)]
  expect(imported.map(([, name]) => name)).toEqual(['elysia'])
  expect(guide).toContain('treaty<App>')
  expect(page.trim().split('\n').length).toBeLessThan(100)
  const faults = stdout.split('\n').filter((line) => /: error TS/.test(line))
  const own = faults.filter((line) => !/node_modules\/(@elysiajs\/eden|elysia)\/dist\//.test(line))
  expect(own).toEqual([])
  // The guide says that the declarations of the two packages have errors.
  expect(faults).not.toEqual(own)
})

test('the guide installs the versions of Eden and Elysia that this repository uses', () => {
  const [install] = examplesIn('docs/front-ends.md', 'sh')
  const versions = [project.devDependencies['@elysiajs/eden'], project.dependencies.elysia]

  expect(install).toContain(`@elysiajs/eden@${versions[0]} elysia@${versions[1]} `)
})
