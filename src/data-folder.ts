import { existsSync, mkdirSync } from 'node:fs'
import { resolve } from 'node:path'

/** The folder of the default database, relative to the working folder. */
export const dataFolder = 'data'

/**
 * Creates `folder` if it is the default one. A typo in DATABASE_URL must fail, not start an empty database.
 * @throws Error with one sentence if the folder does not exist.
 */
export function makeDataFolder(folder: string) {
  if (resolve(folder) === resolve(dataFolder)) mkdirSync(folder, { recursive: true })
  // With the slash, a file of that name does not count as a folder.
  if (!existsSync(`${folder}/`))
    throw new Error(
      `There is no folder ${folder}, which DATABASE_URL names: create it, or change DATABASE_URL.`,
    )
}
