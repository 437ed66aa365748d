import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { serve } from '../../src/commands/serve.ts'
import { runHere } from '../support/command.ts'
import { temporaryFolder } from '../support/folder.ts'
import { environment } from '../support/server.ts'

async function failureOf(env: Record<string, string>) {
  using folder = temporaryFolder()
  const path = join(folder.path, 'challenges.db')
  return (await runHere(serve, [], environment({ DATABASE_URL: `file:${path}`, ...env }))).failure
}

// 192.0.2.0/24 and `.invalid` belong to no machine (RFC 5737, RFC 6761).
test.each(['192.0.2.1', 'nowhere.invalid'])(
  'HOST=%s is refused with the name of the variable',
  async (HOST) => {
    expect(await failureOf({ HOST })).toBe(
      `The server cannot listen on ${HOST}:0: HOST is not an address of this machine.`,
    )
  },
)

test('a port in use is refused with the name of the variable, also with IPv6', async () => {
  using taken = Bun.serve({ port: 0, hostname: '::1', fetch: () => new Response() })

  expect(await failureOf({ HOST: '[::1]', PORT: String(taken.port) })).toBe(
    `The server cannot listen on [::1]:${taken.port}: another program listens there; set PORT to another port.`,
  )
})
