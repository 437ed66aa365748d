import { Webhook } from 'svix'
import { webhookSecret } from './clerk.ts'
import { headerNoise, methods, pathNoise, paths, queryNoise, secret, types, words } from './fuzz-words.ts'
import { rawRequest } from './raw-http.ts'
import type { Seeded } from './seeded.ts'

/** A random JSON value of a kind that parsers and validators often handle wrongly. */
function jsonOf(random: Seeded, depth = 0): string {
  const leaves = words(
    String.raw`null true 0 -0 1e999 1e-999 9007199254740993 "" "easy" "EASY" "\u0000" "\ud800" "\u202e" "__proto__"`,
  )
  const leaf = () => random.pick([...leaves, `"${secret}"`, `"${'x'.repeat(random.whole(0, 4000))}"`])
  if (depth > 4 || random.chance(0.4)) return leaf()
  const inner = Array.from({ length: random.whole(0, 4) }, () => jsonOf(random, depth + 1))
  if (random.chance(0.3)) return `[${inner.join(',')}]`
  const names = [
    'difficulty',
    'answer_id',
    'reason',
    'comment',
    '__proto__',
    'constructor',
    'type',
    'data',
    'id',
    'user_id',
    '',
  ]
  return `{${inner.map((value) => `${JSON.stringify(random.pick(names))}:${value}`).join(',')}}`
}

function bodyOf(random: Seeded): string {
  if (random.chance(0.3)) return `{"difficulty":"${random.pick(['easy', 'medium', 'hard'])}"}`
  if (random.chance(0.15)) return `{"answer_id":${random.whole(0, 3)},"reason":"other"}`
  const nested = random.pick([10, 64, 65, 1000, 30_000])
  return random.pick([
    () => jsonOf(random),
    () => `{"difficulty":${jsonOf(random)}}`,
    () => '['.repeat(nested) + ']'.repeat(random.chance(0.8) ? nested : 0),
    () => `{"difficulty":${'{"a":'.repeat(nested / 5)}1${'}'.repeat(nested / 5)}}`,
    () => jsonOf(random).slice(0, random.whole(0, 40)),
    () => String.fromCharCode(...Array.from({ length: random.whole(0, 200) }, () => random.whole(0, 255))),
    () => '\u00ef\u00bb\u00bf{"difficulty":"easy"}',
    () => '{"difficulty":"\u00ff\u00fe"}',
    () => `{"difficulty":"easy","pad":"${'x'.repeat(random.pick([60_000, 65_536, 70_000, 300_000]))}"}`,
    () => '',
  ])()
}

/** A random valid HTTP request, one character for each byte. */
export function anyRequest(random: Seeded, authorization: string): string {
  const method = random.chance(0.5) ? random.pick(['GET', 'POST']) : random.pick(methods)
  let path = random.pick(paths)
  if (random.chance(0.25)) path += random.pick(pathNoise)
  if (random.chance(0.1)) path = random.pick(pathNoise) + path
  if (random.chance(0.3)) path += `?${random.pick(queryNoise)}&${random.pick(queryNoise)}`
  if (!path.startsWith('/')) path = `/${path}`

  const headers: Record<string, string> = { connection: 'close' }
  const strange = [`Bearer ${secret}`, 'Bearer', 'Basic Og==', `${authorization}x`, '\u00e9', '', undefined]
  const session = random.chance(0.5) ? authorization : random.pick(strange)
  if (session !== undefined) headers.authorization = session
  if (random.chance(0.3)) headers['idempotency-key'] = 'k'
  while (random.chance(0.4)) {
    const [name, values] = random.pick(headerNoise)
    headers[name] = random.pick(values)
  }
  if (method === 'GET' || method === 'HEAD' ? random.chance(0.9) : random.chance(0.1)) {
    return rawRequest(method, path, headers)
  }
  const body = bodyOf(random)
  headers['content-type'] = random.chance(0.7) ? 'application/json' : random.pick(types)
  // Most deliveries are signed, so that the code after the verification is reached.
  if (path === '/webhooks/clerk' && random.chance(0.7)) {
    Object.assign(headers, signed(body), random.chance(0.2) ? { 'svix-timestamp': '1e9' } : {})
  }
  headers['content-length'] = String(body.length)
  return rawRequest(method, path, headers, body)
}

/** The signature headers of a body with one character for each byte. */
function signed(body: string) {
  const now = new Date()
  return {
    'svix-id': 'msg_1',
    'svix-timestamp': String(Math.floor(now.getTime() / 1000)),
    'svix-signature': new Webhook(webhookSecret).sign('msg_1', now, Buffer.from(body, 'latin1')),
  }
}

/** A valid request in which random bytes are removed or inserted. */
export function brokenRequest(random: Seeded, authorization: string): string {
  const whole = anyRequest(random, authorization).slice(0, 4000)
  const noise = [
    ...'\0|\r|\n|\r\n| |:|\u00ff|\t|HTTP/1.1|content-length: 5\r\n|\r\n\r\n|transfer-encoding: chunked\r\n'.split(
      '|',
    ),
    ...'host: b\r\n| folded\r\n|ffffffffffff\r\n|-1|0x1f'.split('|'),
  ]
  let broken = whole
  for (let n = random.whole(1, 4); n > 0; n--) {
    const at = random.whole(0, Math.min(broken.length, 200))
    const dropped = random.chance(0.5) ? random.whole(0, 8) : 0
    broken = broken.slice(0, at) + (random.chance(0.8) ? random.pick(noise) : '') + broken.slice(at + dropped)
  }
  return broken
}
