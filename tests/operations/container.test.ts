import { expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { defaultTimings } from '../../src/timings.ts'
import { portOf } from '../support/client.ts'
import { startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

const root = join(import.meta.dir, '../..')
const read = (name: string) => Bun.file(join(root, name)).text()

/** The command of the image's health check, which asks the server at `port`. */
async function checkHealth(port: number): Promise<number> {
  const dockerfile = (await read('Dockerfile')).replaceAll('\\\n', '')
  const [, command = ''] = /^HEALTHCHECK .* CMD (\[.*\])$/m.exec(dockerfile) ?? []
  const child = Bun.spawn(JSON.parse(command) as string[], {
    env: { PATH: process.env.PATH ?? '', PORT: String(port) },
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'ignore',
  })
  return child.exited
}

test('the health check of the image succeeds while the server serves, and only then', async () => {
  let port: number
  {
    await using server = await startServer()
    port = portOf(server)
    expect(await checkHealth(port)).toBe(0)
  }
  expect(await checkHealth(port)).not.toBe(0)
  await using failing = Bun.serve({ port: 0, fetch: () => new Response('200', { status: 503 }) })
  expect(await checkHealth(portOf(failing))).not.toBe(0)
})

test('engine and supervisor wait longer for the end of a stop than the server takes', async () => {
  const dockerfile = await read('Dockerfile')
  const delay = Number(/STOP_DELAY_SECONDS=(\d+)/.exec(dockerfile)?.[1])
  const longest = delay + (defaultTimings.drainMs + defaultTimings.flushMs + defaultTimings.closeMs) / 1000
  const compose = Bun.YAML.parse(await read('compose.yaml')) as {
    services: { server: { stop_grace_period: string } }
  }
  const [, unit] = /^TimeoutStopSec=(\d+)$/m.exec(await read('deploy/coding-challenges.service')) ?? []

  expect(longest).toBeGreaterThanOrEqual(35)
  expect(Number.parseInt(compose.services.server.stop_grace_period, 10)).toBeGreaterThan(longest)
  expect(Number(unit)).toBeGreaterThan(longest)
})
