import { afterEach, expect, spyOn, test } from 'bun:test'
import { connectModelServer } from '../../src/authoring/model/client.ts'
import { completion } from '../support/model.ts'

const fetched = spyOn(globalThis, 'fetch')
afterEach(() => fetched.mockRestore())

test("only the caller's signal ends a call: Bun's time-out is off, and the SDK's time-out is longer than any budget", async () => {
  const timers = spyOn(globalThis, 'setTimeout')
  fetched.mockImplementation((() => Promise.resolve(completion('{}'))) as unknown as typeof fetch)
  const { openai } = connectModelServer({ apiKey: 'x', baseURL: 'http://model.invalid/v1', concurrency: 1 })
  const { signal } = new AbortController()

  await openai.chat.completions.create({ model: 'test', messages: [] }, { signal })

  expect(fetched.mock.calls[0]?.[1]).toMatchObject({ timeout: false })
  const largestBudget = 600_000
  for (const [, ms = 0] of timers.mock.calls) expect(ms).toBeGreaterThan(largestBudget)
  expect(timers.mock.calls.length).toBeGreaterThan(0)
  timers.mockRestore()
})
