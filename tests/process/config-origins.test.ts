import { expect, test } from 'bun:test'
import { parseConfig } from '../../src/config.ts'
import { environment } from '../support/server.ts'

const defaults = ['http://localhost:5173', 'http://localhost:5174']
const originsOf = (env: Record<string, string>) => parseConfig(env).allowedOrigins

test('in development, the default origins count with the address of the machine too', () => {
  const both = [...defaults, 'http://127.0.0.1:5173', 'http://127.0.0.1:5174']

  expect(originsOf({})).toEqual(both)
  expect(originsOf({ NODE_ENV: 'test', ALLOWED_ORIGINS: defaults.join(', ') })).toEqual(both)
})

test('in production the default origins count as they are', () => {
  const env = environment({ NODE_ENV: 'production', OPENAI_API_KEY: 'sk-x' })

  expect(originsOf(env)).toEqual(defaults)
})

test('origins that are configured count as they are, also in development', () => {
  expect(originsOf({ ALLOWED_ORIGINS: 'http://localhost:5173' })).toEqual(['http://localhost:5173'])
})
