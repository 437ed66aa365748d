import { afterAll, beforeAll, expect, test } from 'bun:test'
import { join, relative } from 'node:path'
import {
  isFunctionLikeDeclaration,
  isReturnStatement,
  type Node,
  type SourceFile,
} from 'typescript/unstable/ast'
import { isObjectLiteralExpression } from 'typescript/unstable/ast/is'
import { API } from 'typescript/unstable/async'
import { temporaryFolder } from './support/folder.ts'

const maxFileLines = 150
const maxFunctionLines = 40

type Counted = { path: string; name: string; lines: number }

const root = join(import.meta.dir, '..')
let sources: { path: string; file: SourceFile }[] = []
let end: () => Promise<void> = async () => undefined

beforeAll(async () => {
  using folder = temporaryFolder()
  const config = join(folder.path, 'tsconfig.json')
  const compilerOptions = {
    allowImportingTsExtensions: true,
    noEmit: true,
    noLib: true,
    noResolve: true,
    types: [],
  }
  const include = ['src', 'tests', 'bench', '.ci'].map((name) => join(root, name, '**/*.ts'))
  await Bun.write(config, JSON.stringify({ compilerOptions, include }))
  const api = new API({ cwd: root })
  end = () => api.close()
  const [project] = (await api.updateSnapshot({ openProjects: [config] })).getProjects()
  const files = (project?.rootFiles ?? []).map(async (path) => {
    const file = await project?.program.getSourceFile(path)
    if (!file) throw new Error(`TypeScript did not parse ${path}.`)
    return { path: relative(root, path), file }
  })
  sources = await Promise.all(files)
})

afterAll(() => end())

/**
 * Every function with its own lines. A function that is nested in it, and a member of an object literal that it
 * returns, such as a prepared statement, is counted by itself, and only its first line counts for the outer function.
 */
function countFunctions({ path, file }: { path: string; file: SourceFile }): Counted[] {
  const counted: Counted[] = []
  const lineOf = (position: number) => file.getLineAndCharacterOfPosition(position).line

  function visit(node: Node, outer: Counted | undefined) {
    let inner = outer
    if (countsByItself(node)) {
      const lines = lineOf(node.getEnd()) - lineOf(node.getStart(file)) + 1
      inner = { path, name: nameOf(node, file), lines }
      counted.push(inner)
      if (outer) outer.lines -= lines - 1
    }
    node.forEachChild((child) => visit(child, inner))
  }

  visit(file, undefined)
  return counted
}

function countsByItself(node: Node): boolean {
  if (isFunctionLikeDeclaration(node)) return node.body !== undefined
  const object = node.parent
  return object !== undefined && isObjectLiteralExpression(object) && isReturnStatement(object.parent)
}

/** The name of a function, or the callee that an anonymous one is passed to. */
function nameOf(node: Node, file: SourceFile): string {
  const named = (node as { name?: Node }).name ?? (node.parent as { name?: Node }).name
  return (named ?? node.parent).getText(file).split(/[([]/)[0] ?? ''
}

test(`no file has more than ${maxFileLines} lines`, () => {
  const long = sources
    .map(({ path, file }) => ({ path, lines: file.text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > maxFileLines)

  expect(sources.length).toBeGreaterThan(200)
  expect(long.map(({ path, lines }) => `${path} has ${lines} lines`)).toEqual([])
})

test(`no function has more than ${maxFunctionLines} lines of its own`, () => {
  const all = sources.flatMap(countFunctions)
  const long = all.filter(({ lines }) => lines > maxFunctionLines)

  expect(all.length).toBeGreaterThan(2000)
  expect(long.map(({ path, name, lines }) => `${path} ${name} has ${lines} lines`)).toEqual([])
})
