import { expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { transfer } from '../../src/commands/transfer.ts'
import { createSqliteStore } from '../../src/store/sqlite/store.ts'
import { runHere } from '../support/command.ts'
import { policy } from '../support/contract.ts'
import { temporaryFolder } from '../support/folder.ts'
import { oldChallenge, writeOldSqlite } from '../support/version-1.ts'

setDefaultTimeout(60_000)

test('two databases of version 1.0.0 with imported questions of the same ids are transferred into one', async () => {
  using folder = temporaryFolder()
  const at = (name: string) => join(folder.path, `${name}.db`)
  const env = { DATABASE_URL: `file:${at('all')}` }
  for (const name of ['one', 'other']) {
    const row = {
      title: `From ${name}?`,
      created_by: name,
      import_key: `original ${name}`,
      fingerprint: null,
    }
    writeOldSqlite(at(name), [oldChallenge(1, row)], 1)
    await createSqliteStore({ path: at(name), policy }).close()

    const { failure, stdout } = await runHere(transfer, [at(name)], env)

    expect(failure).toBeUndefined()
    expect(stdout).toContain('Questions: 1 read, 1 new')
  }
  const store = createSqliteStore({ path: at('all'), policy })
  for (const name of ['one', 'other'])
    expect(await store.history({ userId: name, limit: 9 })).toMatchObject([{ title: `From ${name}?` }])
  expect(await store.countLibraries()).toEqual([])
  await store.close()
})
