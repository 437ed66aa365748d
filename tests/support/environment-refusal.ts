import { parseConfig } from '../../src/config.ts'

/**
 * The lines of the error that refuses this environment, one for each fault.
 * @throws Error if the environment is accepted, or if the error is no list of faults.
 */
export function refusalOf(env: Record<string, string>): string[] {
  const message = messageOf(env)
  const [heading, ...faults] = message.split('\n')
  if (heading !== 'Invalid environment:' || faults.some((line) => !line.startsWith('  '))) {
    throw new Error(`This is no list of faults: ${message}`)
  }
  return faults.map((line) => line.trim())
}

function messageOf(env: Record<string, string>): string {
  try {
    parseConfig(env)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  throw new Error('The environment was accepted.')
}
