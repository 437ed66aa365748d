import { join } from 'node:path'
import { diskFolder } from '../tests/support/folder.ts'
import { goodChallenge } from '../tests/support/model.ts'
import { activeUsers } from './data.ts'
import { peakUntil } from './memory.ts'
import { findToken } from './requests.ts'
import type { Plan } from './rows.ts'
import { startServer } from './servers.ts'
import type { Fact } from './tables.ts'

const modelMs = 2000
const count = 600

/** Measures concurrent generations by a model that takes two seconds. */
export async function measureInFlight(plan: Plan): Promise<Fact[]> {
  if (!plan.wants('flight')) return []
  using folder = diskFolder()
  await using server = await startServer({
    log: `${folder.path}/server.log`,
    database: `file:${folder.path}/first.db`,
    modelUrl: plan.model.url,
  })
  await Bun.write(`${folder.path}/tokens`, (await signTokens()).join('\n'))
  plan.model.author = async () => {
    await Bun.sleep(modelMs)
    return goodChallenge()
  }

  const before = server.megabytes()
  const crowd = Bun.spawn(
    [process.execPath, join(import.meta.dir, 'crowd.ts'), server.url, `${folder.path}/tokens`],
    {
      env: { PATH: process.env.PATH, BUN_CONFIG_MAX_HTTP_REQUESTS: '2000' },
      stderr: 'inherit',
    },
  )
  const peak = await peakUntil(crowd.exited, server)
  plan.model.author = goodChallenge
  const { milliseconds, generated } = JSON.parse(await new Response(crowd.stdout).text()) as {
    milliseconds: number
    generated: number
  }
  if (generated !== count) throw new Error(`${generated} of ${count} generations succeeded.`)
  const what = `${count} generations in flight at a ${modelMs / 1000} s model`
  return [
    {
      what: `${what}: time until all are answered`,
      measured: `${(milliseconds / modelMs).toFixed(2)} × the model’s`,
      target: '1.3 ×',
    },
    {
      what: `${what}: growth of memory at its peak`,
      measured: `${(peak - before).toFixed(0)} MB`,
      target: '',
    },
  ]
}

const signTokens = () => Promise.all(activeUsers.slice(0, count).map(findToken))
