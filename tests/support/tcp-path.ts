import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP path to `port` on this machine, which can go silent: sockets stay open, and nothing gets through. */
export async function startPath(port: number) {
  let frozen = false
  let opened = 0
  let trigger: string | undefined
  /** Steps that wait for the thaw. */
  const held: (() => void)[] = []
  const clients = new Set<Socket>()
  /** Sockets whose path stays silent for ever. */
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
    /** Freezes when a client sends these words, which do not get through. */
    freezeAt(words: string) {
      trigger = words
    },
    thaw() {
      frozen = false
      trigger = undefined
      for (const step of held.splice(0)) step()
    },
    /** What a NAT does that has forgotten: the connections of now stay silent, new ones work. */
    loseConnections() {
      for (const client of clients) lost.add(client)
    },
    /** The client's sockets that are open. */
    open: () => clients.size,
    /** How many connections were ever made. */
    opened: () => opened,
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
