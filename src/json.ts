import { isNestedTooDeep } from './nesting.ts'
import { problems } from './problem.ts'

/** @throws Problem `invalid_request` if a body is empty, not UTF-8, not JSON (RFC 8259), or nested too deeply. */
export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) throw problems.missingBody()
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw problems.malformedJson()
  }
  if (isNestedTooDeep(bytes)) throw problems.nestedTooDeep()
  return value
}
