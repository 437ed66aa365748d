import { engines } from '../package.json'

/**
 * Below Bun 1.4 a statement on PostgreSQL could be answered with the rows of another.
 * @throws Error with one sentence when this Bun is too old.
 */
export function requireBun(version: string) {
  if (Bun.semver.satisfies(version, engines.bun)) return
  throw new Error(`This server needs Bun ${engines.bun}, and this is Bun ${version}: run bun upgrade.`)
}
