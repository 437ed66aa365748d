import { ModelError } from '../../failure.ts'

/** The maximum size of an answer, in bytes. */
const maxBytes = 256 * 1024
/** A catalogue of models (`GET /v1/models`) may be longer. */
const maxCatalogueBytes = 4 * 1024 * 1024

/**
 * `fetch` for a server that may be hostile: follows no redirect (the target could be any host), decompresses nothing
 * (a few bytes can become gigabytes) and reads at most 256 KiB, of a GET at most 4 MiB. Only the caller's signal ends the call early: Bun's
 * time-out for a server that is silent for five minutes is off.
 * @throws ModelError `too_large` or `compressed`
 */
export async function fetchWithLimit(url: string | URL | Request, init?: RequestInit): Promise<Response> {
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
    // The caller reads only the status of an error.
    if (status >= 400) return new Response(null, { status, headers: response.headers })
    throw new ModelError('compressed')
  }
  const body = await readWithLimit(response, init?.method === 'GET' ? maxCatalogueBytes : maxBytes)
  const bodiless = [204, 205, 304].includes(status)
  return new Response(bodiless ? null : body, { status, headers: response.headers })
}

function isCompressed(headers: Headers): boolean {
  return !/^(?:\s|,|identity)*$/i.test(headers.get('content-encoding') ?? '')
}

async function readWithLimit(response: Response, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let length = 0
  // An early exit from the loop cancels the stream and closes the connection.
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > limit) throw new ModelError('too_large')
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}
