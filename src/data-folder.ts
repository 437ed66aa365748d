import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'

/** The folder of the default database, relative to the working folder. */
export const dataFolder = 'data'

/** Creates `folder` if it is the default one. A typo in DATABASE_URL must fail, not start an empty database. */
export function makeDataFolder(folder: string) {
  if (resolve(folder) === resolve(dataFolder)) mkdirSync(folder, { recursive: true })
}
