import type { Client } from './client.ts'

/** The value of every series of `/metrics`, by its name with its labels. */
export async function seriesOf(server: Pick<Client, 'fetch'>): Promise<Map<string, number>> {
  const text = await (await server.fetch('/metrics')).text()
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ')
      return [line.slice(0, end), Number(line.slice(end + 1))]
    }),
  )
}
