import { afterAll, beforeAll } from 'bun:test'
import { type Server, startServer } from './server.ts'

/** One server for the tests of a file that change nothing, or only what belongs to users of their own. */
export function useServer(options?: Parameters<typeof startServer>[0]): () => Server {
  let server: Server | undefined
  beforeAll(async () => {
    server = await startServer(options)
  })
  afterAll(async () => server?.[Symbol.asyncDispose]())

  return () => {
    if (!server) throw new Error('The server starts before the first test, not earlier.')
    return server
  }
}
