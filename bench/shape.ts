type Server = { url: string }

/**
 * Sends a recorded request to both servers.
 * @throws Error unless both answers are successful and have the same members of the same types
 */
export async function assertSameAnswers(work: string, servers: readonly Server[], request: string) {
  const shapes = await Promise.all(servers.map(async (server) => toShape(await ask(server, request))))
  const [first = new Set<string>(), second = new Set<string>()] = shapes
  const different = [...first.symmetricDifference(second)]
  if (different.length === 0) return
  const sides = different.map((line) => `${line} (${first.has(line) ? 'first' : 'second'} side only)`)
  throw new Error(`${work}: the answers of the two sides differ: ${sides.join('; ')}.`)
}

/** Sends one request of a recording and returns the JSON of the answer. @throws Error for a status other than 2xx */
export async function ask({ url }: Server, request: string): Promise<unknown> {
  const [head = '', body] = request.split('\r\n\r\n')
  const [first = '', ...lines] = head.split('\r\n')
  const [method = '', path = ''] = first.split(' ')
  const headers = lines.map((line) => line.split(/: (.*)/).slice(0, 2) as [string, string])
  const response = await fetch(url + path, { method, headers, ...(body && { body }) })
  if (!response.ok) throw new Error(`${first} answered ${response.status}: ${await response.text()}`)
  return response.json()
}

/** Lists every member of a JSON value with its type. The elements of an array count as one member. */
function toShape(value: unknown, path = 'answer'): Set<string> {
  if (value === null || typeof value !== 'object')
    return new Set([`${path}: ${value === null ? 'null' : typeof value}`])
  const parts = Array.isArray(value)
    ? value.map((element) => toShape(element, `${path}[]`))
    : Object.entries(value).map(([name, member]) => toShape(member, `${path}.${name}`))
  return new Set(parts.flatMap((part) => [...part]))
}
