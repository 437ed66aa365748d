import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { temporaryFolder } from '../support/folder.ts'

const unit = join(import.meta.dir, '../../deploy/coding-challenges.service')

/** Tests without systemd are skipped, except in CI, where they fail. */
const skips = Bun.which('systemd-analyze') === null && !process.env.CI
if (skips)
  process.stderr.write('The tests of the unit are skipped: the program systemd-analyze is not installed.\n')

/** Runs `systemd-analyze` with the unit, whose program need not be installed. */
async function analyze(...args: string[]) {
  using folder = temporaryFolder()
  const copy = join(folder.path, 'coding-challenges.service')
  const text = await Bun.file(unit).text()
  expect(text).toContain('ExecStart=/usr/local/bin/challenges\n')
  await Bun.write(copy, text.replace('/usr/local/bin/challenges', '/bin/true'))
  const run = Bun.spawnSync(['systemd-analyze', ...args, copy])
  return { exitCode: run.exitCode, said: run.stdout.toString() + run.stderr.toString() }
}

describe.skipIf(skips)('the systemd unit', () => {
  test('has no fault and no unknown setting', async () => {
    expect(await analyze('verify', '--man=no')).toEqual({ exitCode: 0, said: '' })
  })

  test('is exposed to at most 1.5 of 10', async () => {
    const { exitCode, said } = await analyze('security', '--offline=true', '--threshold=15')

    expect([exitCode, said]).toEqual([0, expect.stringContaining('Overall exposure level')])
  })
})
