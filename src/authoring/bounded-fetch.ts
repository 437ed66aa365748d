/** The largest answer that is read from a model. */
const maxBytes = 256 * 1024

/** An answer went on past what any challenge could need. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge'
}

/**
 * `fetch` for a server that may be hostile: no redirects are followed (they could lead anywhere), and no answer is
 * read past 256 KiB. The caller's signal ends it at any point.
 * @throws TooLarge
 */
export async function boundedFetch(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...init, redirect: 'manual' })
  const { status, headers } = response
  const body = await readBounded(response)
  // `fetch` has decoded the body already.
  const kept = [...headers].filter(([name]) => !/^content-(encoding|length)$/i.test(name))
  const bodiless = [204, 205, 304].includes(status)
  return new Response(bodiless ? null : body, { status, headers: kept })
}

async function readBounded(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let length = 0
  // Leaving the loop early cancels the stream, and with it the connection.
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > maxBytes) throw new TooLarge()
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}
