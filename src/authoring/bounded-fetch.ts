import { ModelError } from '../failure.ts'

/** The largest answer that is read from a model, in bytes as they arrive. */
const maxBytes = 256 * 1024

/**
 * `fetch` for a server that may be hostile: no redirects are followed (they could lead anywhere), nothing is
 * decompressed (a few bytes can become gigabytes), and no answer is read past 256 KiB. The caller's signal ends it at
 * any point, and nothing else does: Bun's own timer, which gives up a server that is silent for five minutes, is off.
 * @throws ModelError `too_large` or `compressed`
 */
export async function boundedFetch(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  const headers = new Headers(init?.headers)
  headers.set('accept-encoding', 'identity')
  const response = await fetch(url, {
    ...init,
    headers,
    redirect: 'manual',
    decompress: false,
    timeout: false,
  })
  const { status } = response
  if (isCompressed(response.headers)) {
    await response.body?.cancel()
    // The status of an error says enough without its body.
    if (status >= 400) return new Response(null, { status, headers: response.headers })
    throw new ModelError('compressed')
  }
  const body = await readBounded(response)
  const bodiless = [204, 205, 304].includes(status)
  return new Response(bodiless ? null : body, { status, headers: response.headers })
}

function isCompressed(headers: Headers): boolean {
  return !/^(?:\s|,|identity)*$/i.test(headers.get('content-encoding') ?? '')
}

async function readBounded(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let length = 0
  // Leaving the loop early cancels the stream, and with it the connection.
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > maxBytes) throw new ModelError('too_large')
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}
