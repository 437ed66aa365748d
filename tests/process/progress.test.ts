import { expect, spyOn, test } from 'bun:test'
import { join } from 'node:path'
import type { Command } from '../../src/commands/command.ts'
import { importOriginal } from '../../src/commands/import.ts'
import { createProgress } from '../../src/commands/progress.ts'
import { transfer } from '../../src/commands/transfer.ts'
import { parseConfig } from '../../src/config.ts'
import { temporaryFolder } from '../support/folder.ts'
import { createOriginal } from '../support/original.ts'

/** Runs `work` as if standard error were a terminal, or none. Returns what both streams got, in order. */
async function watch(isTTY: boolean, work: () => void | Promise<void>, columns = 80) {
  const written: string[] = []
  const into = (stream: string) => (text: string | Uint8Array) => written.push(`${stream}: ${text}`) > 0
  using _ = spyOn(process.stderr, 'write').mockImplementation(into('err'))
  using __ = spyOn(process.stdout, 'write').mockImplementation(into('out'))
  const before = { isTTY: process.stderr.isTTY, columns: process.stderr.columns }
  Object.assign(process.stderr, { isTTY, columns })
  try {
    await work()
    return written
  } finally {
    Object.assign(process.stderr, before)
  }
}

const showSteps = () => {
  using progress = createProgress()
  progress.show('Reading a.db')
  progress.show('Writing: a text that is longer than the terminal')
  progress.print('3 rows\n')
  progress.print('4 rows\n')
  progress.show('Checking')
}

test('on a terminal each step replaces one line of standard error, which never mixes with the output', async () => {
  expect(await watch(true, showSteps, 20)).toEqual([
    'err: \rReading a.db\x1b[K',
    // One column less than the terminal has.
    'err: \rWriting: a text tha\x1b[K',
    'err: \r\x1b[K',
    'out: 3 rows\n',
    'out: 4 rows\n',
    'err: \rChecking\x1b[K',
    'err: \r\x1b[K',
  ])
})

test('without a terminal only the output is written', async () => {
  expect(await watch(false, showSteps)).toEqual(['out: 3 rows\n', 'out: 4 rows\n'])
})

/** Writes the texts of the steps in place of their escapes. */
const toSteps = (written: string[]) =>
  written.flatMap((line) => (line.startsWith('err: \r') ? line.slice(6).replace('\x1b[K', '') || [] : []))

test.each([true, false])('`import` and `transfer` show their steps on a terminal: %p', async (isTTY) => {
  using folder = temporaryFolder()
  const at = (name: string) => join(folder.path, name)
  const original = createOriginal(at('original.db'))
  for (let id = 1; id <= 600; id++) original.addChallenge(id)
  original.close()
  const run = async (command: Command, from: string, to: string) => {
    const work = command.prepare([from])
    if (typeof work === 'function') await work(parseConfig({ DATABASE_URL: `file:${to}` }))
  }

  const imported = await watch(isTTY, () => run(importOriginal, at('original.db'), at('ours.db')), 500)
  const transferred = await watch(isTTY, () => run(transfer, at('ours.db'), at('copy.db')), 500)

  const steps = ['Opening the database', 'Writing: 0 %', 'Writing: 50 %']
  expect(toSteps(imported)).toEqual(isTTY ? [`Reading ${at('original.db')}`, ...steps] : [])
  expect(toSteps(transferred)).toEqual(isTTY ? [`Reading ${at('ours.db')}`, ...steps] : [])
  for (const written of [imported, transferred]) {
    const output = written.filter((line) => line.startsWith('out: ')).join('')
    expect(output).toContain('Challenges: 600 read, 600 new, 0 here already.')
    expect(output).not.toContain('\r')
    const last = written.findLast((line) => line.startsWith('err: '))
    expect(last).toBe(isTTY ? 'err: \r\x1b[K' : undefined)
  }
})

test.each(['missing.db', 'progress.test.ts'])('the line is gone before %p is refused', async (name) => {
  const work = importOriginal.prepare([join(import.meta.dir, name)])
  if (typeof work === 'string') throw new Error(work)
  const config = parseConfig({ DATABASE_URL: 'file:/nowhere/ours.db' })
  const written = await watch(true, () => expect(work(config)).rejects.toThrow(name))
  expect(written.at(-1)).toBe('err: \r\x1b[K')
})
