import { expect, test } from 'bun:test'
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { parseConfig } from '../../src/config.ts'
import { createKeys, keys } from '../support/clerk.ts'
import { refusalOf } from '../support/environment-refusal.ts'

const { pem } = keys
const next = createKeys().pem
const lines = pem.trim().split('\n')
const body = lines.slice(1, -1)

test.each([
  ['as the dashboard shows it', pem],
  ['without a line break at its end', pem.trim()],
  ['with line breaks of Windows', pem.replaceAll('\n', '\r\n')],
  [String.raw`with \n in letters`, lines.join(String.raw`\n`)],
  [String.raw`with \r\n in letters`, lines.join(String.raw`\r\n`)],
  ['in double quotes', `"${pem}"`],
  ['in single quotes', `'${pem.trim()}'`],
  [String.raw`in quotes, with \n in letters`, `"${lines.join(String.raw`\n`)}"`],
  ['indented', lines.map((line) => `    ${line}`).join('\n')],
  ['on one line with spaces', lines.join(' ')],
  ['as its body alone', body.join('')],
  ['as its body alone, over many lines', body.join('\n')],
  [String.raw`as its body alone, with \n in letters`, body.join(String.raw`\n`)],
])('a session key %s is accepted', (_, written) => {
  expect(parseConfig({ JWT_KEY: written }).sessions.keys).toEqual([pem])
  expect(parseConfig({ CLERK_JWT_KEY: written }).sessions.keys).toEqual([pem])
})

test.each([
  ['one after another', `${pem}${next}`],
  ['with an empty line between', `${pem}\n\n${next}`],
  [String.raw`with \n in letters`, `${pem}${next}`.replaceAll('\n', String.raw`\n`)],
  ['in quotes', `"${pem}${next}"`],
  ['on one line without a break', `${pem}${next}`.replaceAll('\n', '')],
])('several session keys %s are accepted', (_, written) => {
  expect(parseConfig({ JWT_KEY: written }).sessions.keys).toEqual([pem, next])
})

/** An RSA public key of `bits` bits, without a private key. */
function rsaKey(bits: number, exponent = 'AQAB'): string {
  const modulus = randomBytes(bits / 8)
  modulus[0] = 0x80 | Number(modulus[0])
  modulus[modulus.length - 1] = 1 | Number(modulus.at(-1))
  const jwk = { kty: 'RSA', n: modulus.toString('base64url'), e: exponent }
  return createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'pem', type: 'spki' }).toString()
}

const encoding = {
  publicKeyEncoding: { format: 'pem', type: 'spki' },
  privateKeyEncoding: { format: 'pem', type: 'pkcs8' },
} as const
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256', ...encoding })
const privatePem = keys.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()

test.each([
  ['the private key', privatePem],
  ['the private key in the older form', keys.privateKey.export({ format: 'pem', type: 'pkcs1' }).toString()],
  ['the body of the private key', privatePem.replace(/-----.*-----/g, '').trim()],
  ['the private key dressed up as the public one', privatePem.replaceAll('PRIVATE', 'PUBLIC')],
  ['an elliptic key', elliptic.publicKey],
  ['an Edwards key', generateKeyPairSync('ed25519', encoding).publicKey],
  ['an RSA key of 4096 bits', rsaKey(4096)],
  ['an RSA key of 1024 bits', rsaKey(1024)],
  ['an RSA key of 2056 bits', rsaKey(2056)],
  ['an RSA key with the exponent 3', rsaKey(2048, 'Aw')],
  ['a word', 'secret-of-somebody'],
  ['a secret key', 'sk_test_0123456789abcdef'],
  ['base64 of something else', randomBytes(294).toString('base64')],
  ['a key that breaks off', lines.slice(0, -3).join('\n')],
  ['a key that lacks a line', [...lines.slice(0, 3), ...lines.slice(4)].join('\n')],
  ['an empty frame', '-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----'],
  ['a key and a word', `${pem}secret-of-somebody`],
  ['a key and its private key', `${pem}${privatePem}`],
  ['a good key and an elliptic one', `${pem}${elliptic.publicKey}`],
  ['a good key and half of one', `${pem}${lines.slice(0, -3).join('\n')}`],
])('%s as a session key is refused with a sentence that names the right form', (_, written) => {
  const faults = refusalOf({ JWT_KEY: written })

  expect(faults).toEqual([expect.stringMatching(/^JWT_KEY must be .*RSA.*2048/)])
  for (const word of written.split(/\s+/).filter((part) => part.length > 7))
    expect(faults[0]).not.toContain(word)
})
