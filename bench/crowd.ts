/**
 * Requests a challenge for every session token of a file at the same time. Runs as a process of its own, because Bun
 * reads the maximum number of connections at its start. Prints one line of JSON.
 */
import process from 'node:process'

const [url = '', path = ''] = process.argv.slice(2)
const tokens = (await Bun.file(path).text()).split('\n')

const begin = performance.now()
const answers = await Promise.all(
  tokens.map(async (token) => {
    const response = await fetch(`${url}/api/generate-challenge`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{"difficulty":"easy"}',
    })
    const { source } = (await response.json()) as { source?: string }
    return source === 'ai'
  }),
)
const generated = answers.filter(Boolean).length
process.stdout.write(`${JSON.stringify({ milliseconds: performance.now() - begin, generated })}\n`)
