import { Elysia } from 'elysia'
import { browserScripts } from './browser-scripts.ts' with { type: 'macro' }
import type { Html } from './html.ts'
import icon from './icon.svg' with { type: 'text' }
import style from './style.css' with { type: 'text' }

/** What every page has. */
const shared = { 'icon.svg': icon, 'style.css': style, ...browserScripts('pages/browser') }

/** Nothing but this server's own files, and nothing inline (https://www.w3.org/TR/CSP3/). */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const types: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  ts: 'text/javascript; charset=utf-8',
}

type Page = {
  path: string
  page: Html
  folder: string
  /** The files of its own in that folder, by name; those that all pages have come to them. */
  files: Record<string, string>
}

/** The routes of a page and of its files. They belong to no API, so they change no type and no documentation. */
export function servePage({ path, page, folder, files }: Page): Elysia {
  const app = new Elysia()
  const hidden = { detail: { hide: true } }
  app.get(
    path,
    ({ set }) => {
      set.headers['content-type'] = 'text/html; charset=utf-8'
      set.headers['content-security-policy'] = policy
      set.headers['referrer-policy'] = 'no-referrer'
      return page.text
    },
    hidden,
  )
  for (const [file, body] of Object.entries<string>({ ...shared, ...files })) {
    const type = types[file.slice(file.lastIndexOf('.') + 1)] ?? 'text/plain; charset=utf-8'
    app.get(
      `${folder}/${file}`,
      ({ set }) => {
        set.headers['content-type'] = type
        return body
      },
      hidden,
    )
  }
  return app
}
