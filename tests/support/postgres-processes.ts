import { SQL } from 'bun'
import { temporaryFolder } from './folder.ts'
import { startModel } from './model.ts'
import type { Postgres } from './postgres.ts'
import { startProcesses } from './process.ts'
import { environment, modelVariables } from './server.ts'

/** Two servers on one new database of `postgres` with one model, started at the same time. */
export async function startTwoOn(postgres: Postgres, env: Record<string, string> = {}) {
  const folder = temporaryFolder()
  const model = startModel()
  const url = await postgres.createDatabase()
  const variables = environment({ DATABASE_URL: url, ...modelVariables(model), ...env })
  const servers = await startProcesses(2, { cwd: folder.path, env: variables })
  const client = new SQL(url, { max: 2 })
  return {
    model,
    url,
    all: servers.all,
    each: servers.each,
    rows: async (sql: string) => [...(await client.unsafe(sql))] as Record<string, unknown>[],
    async [Symbol.asyncDispose]() {
      await client.close()
      await servers[Symbol.asyncDispose]()
      await model[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    },
  }
}

export type TwoOnPostgres = Awaited<ReturnType<typeof startTwoOn>>
