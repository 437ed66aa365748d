import { expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { parallel } from '../support/async.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startModel } from '../support/model.ts'
import { startProcesses } from '../support/process.ts'
import { environment, modelVariables } from '../support/server.ts'

setDefaultTimeout(60_000)

const librarySize = 12

// The tests of libraries prove on each engine that parallel claims over two connections get different questions.
test('two processes hand parallel requests of a learner different questions, and write none while the library lasts', async () => {
  using folder = temporaryFolder()
  await using model = startModel()
  const url = `file:${join(folder.path, 'shared.db')}`
  const variables = { DATABASE_URL: url, LIBRARY_SIZE: String(librarySize), ...modelVariables(model) }
  await using servers = await startProcesses(2, { cwd: folder.path, env: environment(variables) })
  const generate = async (n: number, user: string) => (await servers.each(n).generateOn(user, 'go')).body
  const written = await parallel(librarySize, (n) => generate(n, 'author'))
  const titles = written.map(({ title }) => title).toSorted()
  expect(new Set(titles).size).toBe(librarySize)

  const readers = ['ann', 'ben', 'cy']
  const given = await parallel(readers.length * librarySize, async (n) => {
    const user = readers[n % readers.length] ?? ''
    return { user, title: (await generate(Math.floor(n / readers.length), user)).title }
  })

  for (const reader of readers) {
    const titlesOfReader = given.filter(({ user }) => user === reader).map(({ title }) => title)
    expect(titlesOfReader.toSorted()).toEqual(titles)
    expect((await servers.each(0).quota(reader)).body.quota_remaining).toBe(50 - librarySize)
  }
  expect(model.calls('challenge')).toBe(librarySize)
})
