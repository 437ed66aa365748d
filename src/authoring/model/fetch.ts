import { ModelError } from '../../failure.ts'
import { isNestedTooDeep } from '../../json.ts'
import { Refusal } from './refusal.ts'

/** The maximum size of an answer, in bytes. */
const maxBytes = 256 * 1024
/** A catalogue of models (`GET /v1/models`) may be longer. */
const maxCatalogueBytes = 4 * 1024 * 1024

/**
 * `fetch` for a server that may be hostile: follows no redirect (the target could be any host), decompresses nothing
 * (a few bytes can become gigabytes) and reads at most 256 KiB, of a GET at most 4 MiB. Only the caller's signal ends the
 * call early: Bun's time-out for a server that is silent for five minutes is off.
 * @throws ModelError `too_large`, `compressed`, or `malformed` if the body nests too deep
 * @throws Refusal for every status but 2xx, and for a page of HTML
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
    throw response.ok ? new ModelError('compressed') : new Refusal(status, '', response.headers)
  }
  const body = await readWithLimit(response, init?.method === 'GET' ? maxCatalogueBytes : maxBytes)
  if (!response.ok || isPage(body)) throw new Refusal(status, body.toString(), response.headers)
  if (isNestedTooDeep(body)) throw new ModelError('malformed')
  const bodiless = status === 204 || status === 205
  return new Response(bodiless ? null : body, { status, headers: response.headers })
}

/** Whether the body is HTML: neither JSON nor a text of an API begins with `<`. */
function isPage(body: Buffer): boolean {
  return /^\s*</.test(body.toString('latin1', 0, 1024))
}

function isCompressed(headers: Headers): boolean {
  return !/^(?:\s|,|identity)*$/i.test(headers.get('content-encoding') ?? '')
}

async function readWithLimit(response: Response, limit: number): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let length = 0
  // An early exit from the loop cancels the stream and closes the connection.
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > limit) throw new ModelError('too_large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
