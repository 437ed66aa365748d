import { Elysia } from 'elysia'
import icon from '../web/icon.svg' with { type: 'text' }
import type { Html } from './html.ts'

/** A Content-Security-Policy that allows the server's own files and nothing inline (https://www.w3.org/TR/CSP3/). */
const toPolicy = (images: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src ${images}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

const mediaTypes: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

type Page = {
  path: string
  page: Html
  /** The path below which the page's files are served, `icon.svg` included. */
  folder: string
  /** Loads a file's text, by file name. Each request calls the function, so that the start does not load the files. */
  files: Record<string, () => Promise<string>>
  /** Paths of files that never change, by file name. Browsers may cache these files for ever. */
  kept?: Record<string, string>
  /** The policy's sources of images. */
  images?: string
}

/** Creates the routes of a page and its files. They are not part of the API: neither typed nor documented. */
export function servePage({ path, page, folder, files, kept = {}, images = "'self'" }: Page): Elysia {
  const app = new Elysia()
  const hidden = { detail: { hide: true } }
  const securityPolicy = toPolicy(images)
  app.get(
    path,
    ({ set }) => {
      set.headers['content-type'] = 'text/html; charset=utf-8'
      set.headers['content-security-policy'] = securityPolicy
      set.headers['referrer-policy'] = 'no-referrer'
      return page.text
    },
    hidden,
  )
  const serve = (file: string, load: () => Promise<string> | Response, headers = {}) =>
    app.get(
      `${folder}/${file}`,
      ({ set }) => {
        Object.assign(set.headers, { 'content-type': toMediaType(file), ...headers })
        return load()
      },
      hidden,
    )
  for (const [file, load] of Object.entries({ ...files, 'icon.svg': async () => icon })) serve(file, load)
  for (const [file, source] of Object.entries(kept)) {
    const headers = { 'cache-control': 'public, max-age=31536000, immutable' }
    serve(file, () => new Response(Bun.file(source)), headers)
  }
  return app
}

function toMediaType(file: string): string {
  return mediaTypes[file.slice(file.lastIndexOf('.') + 1)] ?? 'text/plain; charset=utf-8'
}
