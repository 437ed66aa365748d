/** Occurs in headers, bodies and queries, and must not occur in answers. */
export const secret = 'sesame-5f1c9a'

export const words = (text: string) => text.split(' ')
export const methods = words('GET POST PUT PATCH DELETE HEAD OPTIONS TRACE PROPFIND LOCK')
export const paths = words(
  '/api/generate-challenge '.repeat(6) +
    '/api/my-history /api/quota ' +
    '/api/challenges/1 /api/challenges/1/answer /api/challenges/1/answer /api/challenges/1/report /api/progress ' +
    '/webhooks/clerk /health /ready /metrics /openapi /openapi/json /',
)
export const pathNoise = [
  ...words(
    '/ // /. /.. /../health %00 %2f %2e%2e % %zz %c3%28 ;x=1 \\ /* :id \u00e9 \u00ff {{7*7}} <script>',
  ),
  ...words(`'-- /__proto__ /constructor ${'a'.repeat(300)} ${'a'.repeat(10_000)}`),
]
export const queryNoise = [
  ...words(
    'limit=0 limit=-1 limit=501 limit=1e3 limit=0x10 limit=1.5 limit= limit=5&limit=6 limit[]=5 cursor=',
  ),
  ...words(
    `cursor=AAAA cursor=MS4x cursor=${secret} difficulty=EASY difficulty=hard __proto__=1 %00=%00 &&& = %`,
  ),
  ...words(
    'timezone=Europe/Berlin timezone=Mars timezone=+02:00 timezone= topic=go topic=x answer=right answer=x',
  ),
  ...words(`token=${secret} q=${'x'.repeat(5000)} __clerk_handshake_nonce=x`),
]
export const types = [
  ...words(
    'application/json APPLICATION/JSON text/plain application/jsonx multipart/form-data ; \u00e9/\u00e9',
  ),
  ...[
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-8',
    '',
  ],
]
export const headerNoise: [string, string[]][] = [
  [
    'idempotency-key',
    ['k', 'k'.repeat(255), 'k'.repeat(256), '', '\u00e9', '\t', '"; DROP TABLE challenges; --'],
  ],
  ['x-request-id', ['a-b.c:d_e', 'x'.repeat(200), '\u00ff', '{"a":1}', '<b>']],
  ['origin', ['http://localhost:5173', 'null', 'https://evil.test', 'http://localhost:5173/', '\u00e9', '']],
  ['access-control-request-method', ['POST', 'PUT', '']],
  ['access-control-request-headers', ['authorization', '*', secret]],
  ['cookie', ['__session=nbvbsA.bnVsbA.AAAA', `a=${secret}`, ';;;', '=']],
  ['content-encoding', ['gzip', 'identity', 'br', 'gzip, gzip', '']],
  ['expect', ['100-continue']],
  ['range', ['bytes=0-1', 'bytes=-', 'x']],
  ['upgrade', ['websocket', 'h2c']],
  ['accept', ['*/*', 'text/html', '\u00e9', 'application/xml;q=9']],
  ['accept-encoding', ['gzip', '*;q=0', 'br']],
  ['x-forwarded-for', ['127.0.0.1', "' OR 1=1"]],
  ['x-http-method-override', ['DELETE']],
  ['host', ['', 'evil.test', 'a b', '[::1]:99999', '%00', 'x'.repeat(1000)]],
  ['x-large', ['x'.repeat(9000)]],
]
