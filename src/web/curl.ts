type Command = {
  method: string
  url: string
  headers?: Record<string, string>
  body?: unknown
  /** Whether the command sends the session token in `$TOKEN`. */
  signedIn: boolean
}

/** Converts a request to a curl command for a POSIX shell. */
export function toCurl({ method, url, headers = {}, body, signedIn }: Command): string {
  const parts = [`curl ${method === 'GET' ? '' : `-X ${method} `}${quote(url)}`]
  if (signedIn) parts.push('-H "Authorization: Bearer $TOKEN"')
  if (body !== undefined) parts.push(`-H ${quote('Content-Type: application/json')}`)
  for (const [name, value] of Object.entries(headers)) parts.push(`-H ${quote(`${name}: ${value}`)}`)
  if (body !== undefined) parts.push(`-d ${quote(JSON.stringify(body))}`)
  return parts.join(' \\\n  ')
}

/** Quotes a word for a POSIX shell. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
