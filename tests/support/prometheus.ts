import { join } from 'node:path'
import { until } from './async.ts'
import { temporaryFolder } from './folder.ts'
import { freePort } from './tcp-path.ts'

const program = Bun.which('prometheus')

/** Tests without Prometheus are skipped, except in CI, where they fail. */
export const skipsPrometheus = program === null && !process.env.CI
if (skipsPrometheus)
  process.stderr.write('The tests of Prometheus are skipped: the program prometheus is not installed.\n')

export const deployFile = (name: string) => join(import.meta.dir, '../../deploy', name)

type Rule = { name: string; query: string; health: string; lastError?: string }
type Sample = { metric: Record<string, string>; value: [number, string] }

/** JSON is YAML. */
const configure = (serverPort: number) =>
  JSON.stringify({
    global: { scrape_interval: '250ms', scrape_timeout: '250ms', evaluation_interval: '500ms' },
    rule_files: [deployFile('alerts.yml')],
    scrape_configs: [
      { job_name: 'coding-challenges', static_configs: [{ targets: [`127.0.0.1:${serverPort}`] }] },
    ],
  })

/** Asks the API of Prometheus. */
const createClient = (port: number) =>
  /** @throws Error with the words of Prometheus if it refuses the request. */
  async function ask<Data>(path: string, parameters: Record<string, string> = {}): Promise<Data> {
    const url = `http://127.0.0.1:${port}/api/v1/${path}?${new URLSearchParams(parameters)}`
    const { status, data, error } = (await (await fetch(url)).json()) as {
      status: string
      data: Data
      error?: string
    }
    if (status !== 'success') throw new Error(`${JSON.stringify(parameters)}: ${error}`)
    return data
  }

/** A real Prometheus that scrapes the server at `serverPort` four times a second, with the rules of `deploy/alerts.yml`. */
export async function startPrometheus(serverPort: number) {
  if (program === null) throw new Error('The program prometheus is not installed.')
  const folder = temporaryFolder()
  const config = join(folder.path, 'prometheus.json')
  await Bun.write(config, configure(serverPort))
  const port = freePort()
  const ask = createClient(port)
  const options = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder.path, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=error',
  ]
  const child = Bun.spawn([program, ...options], { stdin: 'ignore', stdout: 'ignore', stderr: 'pipe' })
  const failed = child.exited.then(async () => {
    throw new Error(`Prometheus ended: ${await new Response(child.stderr).text()}`)
  })
  failed.catch(() => undefined)

  const query = async (expression: string) =>
    (await ask<{ result: Sample[] }>('query', { query: expression })).result
  const scraped = async () => (await query('count_over_time(up[1m]) > 3').catch(() => [])).length > 0
  return {
    query,
    rules: async () => (await ask<{ groups: { rules: Rule[] }[] }>('rules')).groups.flatMap((g) => g.rules),
    /** Resolves after four scrapes. */
    scraped: () => Promise.race([until(scraped, 'Prometheus has scraped the server'), failed]),
    async [Symbol.asyncDispose]() {
      child.kill()
      await child.exited
      folder[Symbol.dispose]()
    },
  }
}
