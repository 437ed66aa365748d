import { expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../support/async.ts'
import { clientOf } from '../support/client.ts'
import { diskFolder, temporaryFolder } from '../support/folder.ts'
import { type Model, startModel } from '../support/model.ts'
import { filesOf, textAt } from '../support/page-files.ts'
import { writeJavaScript } from '../support/printing.ts'
import { modelVariables } from '../support/server.ts'

setDefaultTimeout(60_000)

const root = join(import.meta.dir, '../..')

/** Builds the executable in `folder`, and returns its path. */
async function buildExecutable(folder: string): Promise<string> {
  const executable = join(folder, 'challenges')
  const build = Bun.spawn([process.execPath, 'run', 'build', '--outfile', executable], {
    cwd: root,
    stdout: 'ignore',
    stderr: 'pipe',
  })
  expect([await build.exited, await new Response(build.stderr).text()]).toEqual([0, expect.any(String)])
  return executable
}

/** Expects that both pages have all their files, without paths of the sources. */
async function expectPages(client: ReturnType<typeof clientOf>) {
  for (const path of ['/', '/openapi']) {
    const files = filesOf((await textAt(client, path)).text)
    expect(files.length).toBeGreaterThan(2)
    for (const file of files) {
      const { status, text } = await textAt(client, file)
      expect([file, status, text.length > 100, text.includes(root)]).toEqual([file, 200, true, false])
    }
  }
}

/** Expects challenges of the bank while the model writes nothing acceptable, then one whose key the code proves. */
async function expectProvenChallenge(client: ReturnType<typeof clientOf>, model: Model, token: string) {
  const headers = {
    authorization: `Bearer ${token.trim()}`,
    'content-type': 'application/json',
  }
  const body = '{"difficulty":"hard"}'
  const asked = writeJavaScript(model)
  let last: unknown
  while (asked.times === 0) {
    const answer = await client.fetch('/api/generate-challenge', { method: 'POST', headers, body })
    last = await answer.json()
    // The model writes nothing acceptable before it is asked for JavaScript.
    if (asked.times === 0) expect(last).toMatchObject({ difficulty: 'hard', source: 'bank' })
  }
  // A proven key needs no review.
  expect(last).toMatchObject({ source: 'ai' })
  expect(model.calls('review')).toBe(0)
}

/** Expects the usage of the executable, by its name, in an invalid environment. No file is created. */
async function expectUsage(executable: string) {
  using folder = temporaryFolder()
  for (const [args, status] of [
    [['help', 'token'], 0],
    [['token', '--help'], 0],
    [['token', '--nonsense'], 1],
  ] as const) {
    const child = Bun.spawn([executable, ...args], {
      cwd: folder.path,
      env: { PORT: 'many' },
      stdout: 'pipe',
      stderr: 'pipe',
    })
    const output = [await new Response(child.stdout).text(), await new Response(child.stderr).text()]
    expect(output.splice(status, 1)[0]).toContain(`Usage: ${executable} token [user_id]\n`)
    expect(output).toEqual([''])
    expect(await child.exited).toBe(status)
  }
  expect(readdirSync(folder.path)).toEqual([])
}

test('the executable serves in an empty folder, with its migrations, pages, bank, sandbox and commands', async () => {
  using folder = diskFolder()
  const executable = await buildExecutable(folder.path)
  await expectUsage(executable)

  await using model = startModel()
  const server = Bun.spawn([executable], {
    cwd: folder.path,
    env: { PORT: '0', POOL_SIZE: '0', ...modelVariables(model) },
    stdout: 'pipe',
    stderr: 'inherit',
  })
  try {
    let said = ''
    const reading = (async () => {
      for await (const text of server.stdout.pipeThrough(new TextDecoderStream())) said += text
    })()
    const [, port] = await until(() => /"port":(\d+)/.exec(said) ?? undefined, 'the server listens')
    const client = clientOf(`http://127.0.0.1:${port}`)
    const token = Bun.spawn([executable, 'token', 'user_1'], { cwd: folder.path, env: {}, stdout: 'pipe' })
    await expectProvenChallenge(client, model, await new Response(token.stdout).text())
    await expectPages(client)
    const backup = Bun.spawn([executable, 'backup', 'copy.db'], {
      cwd: folder.path,
      env: {},
      stdout: 'ignore',
    })
    expect(await backup.exited).toBe(0)
    expect(existsSync(join(folder.path, 'copy.db'))).toBe(true)
    expect(existsSync(join(folder.path, 'data/challenges.db'))).toBe(true)
    server.kill('SIGTERM')
    expect(await server.exited).toBe(0)
    await reading
  } finally {
    server.kill('SIGKILL')
  }
})
