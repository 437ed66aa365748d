import { expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import project from '../package.json'
import { Environment } from '../src/config/variables.ts'
import { topicIds } from '../src/topics.ts'
import { documents, examples } from './support/documents.ts'

const root = join(import.meta.dir, '..')

/**
 * Finds the fault of an example of a language. The tests in front-ends/ compile and run the examples without a check here,
 * and storage/postgres-start.test.ts runs the SQL.
 */
const checks: Record<string, ((code: string) => unknown) | undefined> = {
  json: (code) => JSON.parse(code) === undefined,
  yaml: (code) => Bun.YAML.parse(code) === undefined,
  sh: (code) => Bun.spawnSync(['bash', '-n', '-c', code]).stderr.toString(),
}

test.each(examples.filter(({ language }) => language in checks))(
  'an example of $path is valid $language',
  ({ language, code }) => {
    expect(checks[language]?.(code)).toBeFalsy()
  },
)

test('every other example is run by another test', () => {
  const others = examples.filter(({ language }) => language !== '' && !(language in checks))

  expect([...new Set(others.map(({ path, language }) => `${path} ${language}`))].toSorted()).toEqual([
    'docs/front-ends.md http',
    'docs/front-ends.md ts',
    'docs/operations.md sql',
  ])
})

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

test('every topic is documented', () => {
  const { text = '' } = documents.find(({ path }) => path === 'docs/configuration.md') ?? {}
  const [, section = ''] = /^## Topics\n\n([^.]+)\./m.exec(text) ?? []

  expect([...section.matchAll(/`([^`]+)`/g)].map(([, id]) => id)).toEqual([...topicIds])
})

test('every command that a document names exists', () => {
  const known = [...Object.keys(project.scripts), 'run', 'install']
  const named = documents.flatMap(({ text }) =>
    [...text.matchAll(/\bbun(?:@[\d.]+)? (?:run )?([a-z][\w./-]*)/g)].map(([, name = '']) => name),
  )

  expect(named.length).toBeGreaterThan(30)
  expect(named.filter((name) => !known.includes(name) && !existsSync(join(root, name)))).toEqual([])
})
