import { connect } from 'node:net'

/** A TCP connection for HTTP that a test writes by itself. */
export async function openConnection(port: number) {
  const socket = connect({ port, host: '127.0.0.1' })
  const closed = Promise.withResolvers<void>()
  const connection = {
    /** The received bytes, one character for each byte. */
    received: '',
    closed: false,
    write: (text: string | Uint8Array) => socket.write(text),
    /** Resolves when the connection is closed. */
    ended: closed.promise,
    destroy: () => void socket.destroy(),
    [Symbol.dispose]: () => void socket.destroy(),
  }
  socket.on('data', (data) => {
    connection.received += data.toString('latin1')
  })
  socket.on('close', () => {
    connection.closed = true
    closed.resolve()
  })
  // A reset closes the connection too.
  socket.on('error', () => undefined)
  await Promise.race([new Promise<void>((resolve) => socket.once('connect', resolve)), closed.promise])
  return connection
}

/** The text of an HTTP request, with the length of its body. */
export function rawRequest(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): string {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const lines = Object.entries({ host: 'localhost', ...length, ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`
}

const interim = /^(?:HTTP\/1\.1 1\d\d[^\n]*\r\n\r\n)+/

type RawResponse = { status: number; headers: Map<string, string>; body: string }

/** The first response that is not an interim one (1xx). */
export function parseResponse(received: string): RawResponse | undefined {
  const [, head = '', body = ''] = /^([\s\S]*?)\r\n\r\n([\s\S]*)$/.exec(received.replace(interim, '')) ?? []
  const [statusLine = '', ...lines] = head.split('\r\n')
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1])
  if (!status) return undefined
  const headers = new Map(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  )
  return { status, headers, body }
}
