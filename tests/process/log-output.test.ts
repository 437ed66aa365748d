import { expect, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const output = JSON.stringify(join(import.meta.dir, '../../src/log-output.ts'))

/** A process that runs `script`, in which `log` is the output of a log. Nobody reads it yet. */
function run(script: string) {
  return spawn(process.execPath, [
    '-e',
    `import { createLogOutput } from ${output}; const log = createLogOutput(); ${script}`,
  ])
}

async function linesOf({ stdout }: ReturnType<typeof run>): Promise<string[]> {
  let text = ''
  for await (const data of stdout) text += data
  return text.split('\n').slice(0, -1)
}

/** The lines of a process that says on standard error when it has written them, and then waits for a word to go on. */
async function linesAfterStall(child: ReturnType<typeof run>): Promise<string[]> {
  await once(child.stderr, 'data')
  child.stdin.write('go on')
  return linesOf(child)
}

test('a line that is written just before the process ends is read', async () => {
  const child = run(`log.write('the last words\\n'); process.exit(1)`)

  expect(await linesOf(child)).toEqual(['the last words'])
})

test('a reader that has stalled costs lines, not memory, and is told how many once it reads again', async () => {
  const child = run(`
    for (let turn = 0; turn < 40; turn++) {
      for (let n = 0; n < 1024; n++) log.write('x'.repeat(1023) + '\\n')
      await new Promise(setImmediate)
    }
    process.stdin.once('data', async () => {
      await log.flush()
      log.write('afterwards\\n')
      await log.flush()
      process.exit()
    })
    process.stderr.write('written')
  `)
  const read = await linesAfterStall(child)

  const { lost } = JSON.parse(read.at(-2) ?? '')
  expect(read.at(-1)).toBe('afterwards')
  expect(lost).toBeGreaterThan(20 * 1024)
  expect(read.length - 2 + lost).toBe(40 * 1024)
})

test('a stop says how many lines were lost', async () => {
  const child = run(`
    for (let n = 0; n < 20_000; n++) log.write('x'.repeat(1023) + '\\n')
    process.stdin.once('data', async () => {
      await log.flush()
      process.exit()
    })
    process.stderr.write('written')
  `)
  const read = await linesAfterStall(child)

  expect(read.length - 1 + JSON.parse(read.at(-1) ?? '').lost).toBe(20_000)
})

// Only Linux has a device that is always full.
test.skipIf(!existsSync('/dev/full'))(
  'a log that cannot be written costs lines, and neither the process nor its time',
  async () => {
    const script = `
    import { createLogOutput } from ${output}
    const log = createLogOutput()
    let failures = 0
    process.on('uncaughtException', () => { failures++; log.write('uncaught\\n') })
    log.write('a line\\n')
    await Bun.sleep(200)
    process.stderr.write(String(failures))
    process.exit(0)`
    const child = Bun.spawn(['sh', '-c', 'exec "$0" -e "$1" > /dev/full', process.execPath, script], {
      stderr: 'pipe',
    })

    expect(await new Response(child.stderr).text()).toBe('0')
    expect(await child.exited).toBe(0)
  },
)
