type Command = {
  method: string
  url: string
  headers?: Record<string, string>
  body?: unknown
  /** Whether it takes the session token from `$TOKEN`. */
  signedIn: boolean
}

/** A request as a command for a POSIX shell. */
export function curlOf({ method, url, headers = {}, body, signedIn }: Command): string {
  const words = [`curl ${method === 'GET' ? '' : `-X ${method} `}${quoted(url)}`]
  if (signedIn) words.push('-H "Authorization: Bearer $TOKEN"')
  if (body !== undefined) words.push(`-H ${quoted('Content-Type: application/json')}`)
  for (const [name, value] of Object.entries(headers)) words.push(`-H ${quoted(`${name}: ${value}`)}`)
  if (body !== undefined) words.push(`-d ${quoted(JSON.stringify(body))}`)
  return words.join(' \\\n  ')
}

/** A word that a shell leaves as it is. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
