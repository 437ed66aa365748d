import { randomInt } from 'node:crypto'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP proxy to `port` on this machine that can stop forwarding while its sockets stay open. */
export async function startPath(port: number) {
  let frozen = false
  let opened = 0
  let trigger: string | undefined
  /** The steps that wait for `thaw`. */
  const held: (() => void)[] = []
  const clients = new Set<Socket>()
  /** The sockets that never forward again. */
  const lost = new WeakSet<Socket>()

  const server = createServer((client) => {
    opened += 1
    clients.add(client)
    const upstream = connect({ port, host: '127.0.0.1' })
    const pass = (step: () => void) => {
      if (lost.has(client)) return
      if (frozen) held.push(() => pass(step))
      else step()
    }
    client.on('data', (bytes) => {
      if (trigger && bytes.includes(trigger)) frozen = true
      pass(() => upstream.write(bytes))
    })
    upstream.on('data', (bytes) => pass(() => client.write(bytes)))
    client.on('close', () => {
      clients.delete(client)
      pass(() => upstream.destroy())
    })
    upstream.on('close', () => pass(() => client.destroy()))
    for (const socket of [client, upstream]) socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    port: (server.address() as AddressInfo).port,
    freeze() {
      frozen = true
    },
    /** Freezes when a client sends this text, which is held back too. */
    freezeAt(words: string) {
      trigger = words
    },
    isFrozen: () => frozen,
    thaw() {
      frozen = false
      trigger = undefined
      for (const step of held.splice(0)) step()
    },
    /** Stops forwarding for the open connections only, like a NAT that has lost its table. */
    loseConnections() {
      for (const client of clients) lost.add(client)
    },
    /** The number of open connections. */
    open: () => clients.size,
    /** The number of connections since the start. */
    opened: () => opened,
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/**
 * A port of the loopback interface that no program listens on. It lies below the ports of outgoing connections, one of
 * which could otherwise take it before the program of the test listens.
 */
export function freePort(): number {
  for (;;) {
    const port = randomInt(20_000, 32_000)
    try {
      Bun.listen({ hostname: '127.0.0.1', port, socket: { data() {} } }).stop(true)
      return port
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    }
  }
}
