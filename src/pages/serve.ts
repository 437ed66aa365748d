import { Elysia } from 'elysia'
import icon from '../web/icon.svg' with { type: 'text' }
import type { Html } from './html.ts'

/** Allows the server's own files only, and nothing inline (https://www.w3.org/TR/CSP3/). */
const policy = (images: string) =>
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

const types: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

type Page = {
  path: string
  page: Html
  /** Where the page's files are served, `icon.svg` among them. */
  folder: string
  /** Texts by file name: each is loaded by the first request for it, so that a server starts without them. */
  files: Record<string, () => Promise<string>>
  /** Paths of files that never change, by file name: browsers may keep them. */
  kept?: Record<string, string>
  /** Where pictures may come from. */
  images?: string
}

/** The routes of a page and of its files. They are not part of the API: they are neither typed nor documented. */
export function servePage({ path, page, folder, files, kept = {}, images = "'self'" }: Page): Elysia {
  const app = new Elysia()
  const hidden = { detail: { hide: true } }
  const securityPolicy = policy(images)
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
  for (const [file, load] of Object.entries({ ...files, 'icon.svg': async () => icon })) {
    const type = typeOf(file)
    app.get(
      `${folder}/${file}`,
      ({ set }) => {
        set.headers['content-type'] = type
        return load()
      },
      hidden,
    )
  }
  for (const [file, source] of Object.entries(kept)) {
    const type = typeOf(file)
    app.get(
      `${folder}/${file}`,
      ({ set }) => {
        set.headers['content-type'] = type
        set.headers['cache-control'] = 'public, max-age=31536000, immutable'
        return new Response(Bun.file(source))
      },
      hidden,
    )
  }
  return app
}

function typeOf(file: string): string {
  return types[file.slice(file.lastIndexOf('.') + 1)] ?? 'text/plain; charset=utf-8'
}
