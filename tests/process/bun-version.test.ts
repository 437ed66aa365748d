import { expect, setDefaultTimeout, test } from 'bun:test'
import { cpSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import project from '../../package.json'
import { requireBun } from '../../src/bun-version.ts'
import { temporaryFolder } from '../support/folder.ts'

setDefaultTimeout(60_000)

const root = join(import.meta.dir, '../..')

test.each(['1.4.0', '1.4.5', '1.10.0', '2.0.0'])('Bun %s is accepted', (version) => {
  requireBun(version)
})

test.each(['1.3.14', '1.0.0', '0.8.1'])('Bun %s is refused', (version) => {
  expect(() => requireBun(version)).toThrow(`and this is Bun ${version}`)
})

test('every command on a Bun that is too old fails with one sentence, and writes no file', async () => {
  using program = temporaryFolder()
  using folder = temporaryFolder()
  const demanding = { ...project, engines: { bun: '>=99' } }
  await Bun.write(join(program.path, 'package.json'), JSON.stringify(demanding))
  cpSync(join(root, 'src'), join(program.path, 'src'), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(program.path, 'node_modules'))

  for (const args of [[], ['token']]) {
    const command = [process.execPath, join(program.path, 'src/main.ts'), ...args]
    const { exitCode, stdout, stderr } = Bun.spawnSync(command, { cwd: folder.path, env: {} })

    const sentence = `This server needs Bun >=99, and this is Bun ${Bun.version}: run bun upgrade.\n`
    expect([exitCode, String(stdout), String(stderr)]).toEqual([1, '', sentence])
  }
  expect(readdirSync(folder.path)).toEqual([])
})

test('every file that names a version of Bun names that of packageManager', async () => {
  const readme = await Bun.file(join(root, 'README.md')).text()
  const version = project.packageManager.replace('bun@', '')
  const dockerfile = await Bun.file(join(root, 'Dockerfile')).text()
  const named = [...`${readme}${dockerfile}`.matchAll(/\bbun[@:]([\d.]+\d)/g)].map(([, name]) => name)

  expect(dockerfile).toContain(`oven/bun:${version}\n`)
  expect(named.length).toBeGreaterThan(1)
  expect([...named, project.devDependencies['@types/bun']].filter((name) => name !== version)).toEqual([])
  expect(Bun.semver.satisfies(version, project.engines.bun)).toBeTrue()
  // CI reads the version from package.json.
  expect(await Bun.file(join(root, '.ci/run')).text()).not.toMatch(/bun@\d/)
})

test('only the scripts start and test install packages', () => {
  expect(Object.keys(project.scripts).filter((name) => name.startsWith('pre'))).toEqual([
    'prestart',
    'pretest',
  ])
})
