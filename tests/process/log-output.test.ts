import { expect, setDefaultTimeout, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

setDefaultTimeout(60_000)

const output = JSON.stringify(join(import.meta.dir, '../../src/log-output.ts'))

/** Runs `script`, in which `log` is a log output, in a process whose standard output is not read yet. */
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

/** Reads the lines of a process after it has written them, as it reports on standard error, and lets it go on. */
async function linesAfterStall(child: ReturnType<typeof run>): Promise<string[]> {
  await once(child.stderr, 'data')
  child.stdin.write('go on')
  return linesOf(child)
}

test('a line that is written just before the process exits is not lost', async () => {
  const child = run(`log.write('the last words\\n'); process.exit(1)`)

  expect(await linesOf(child)).toEqual(['the last words'])
})

test('a stalled reader loses lines, and then gets the number of lost lines', async () => {
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

test('a stop writes the number of lost lines', async () => {
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
test.skipIf(!existsSync('/dev/full'))('a log that cannot be written does not end the process', async () => {
  const script = `
    import { createLogOutput } from ${output}
    const log = createLogOutput()
    let failures = 0
    process.on('uncaughtException', () => { failures++; log.write('uncaught\\n') })
    log.write('a line\\n')
    await log.flush()
    await new Promise(setImmediate)
    process.stderr.write(String(failures))
    process.exit(0)`
  const child = Bun.spawn(['sh', '-c', 'exec "$0" -e "$1" > /dev/full', process.execPath, script], {
    stderr: 'pipe',
  })

  expect(await new Response(child.stderr).text()).toBe('0')
  expect(await child.exited).toBe(0)
})
