import type { Client } from './client.ts'

/** The addresses of the style sheets, icons and scripts of a page. */
export function filesOf(page: string): string[] {
  return [...page.matchAll(/<(?:link|script)[^>]* (?:src|href)="([^"]+)"/g)].map(([, file = '']) => file)
}

export async function textAt(server: Pick<Client, 'fetch'>, path: string) {
  const response = await server.fetch(path)
  return { status: response.status, headers: response.headers, text: await response.text() }
}
