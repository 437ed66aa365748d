import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { until } from './async.ts'
import { temporaryFolder } from './folder.ts'
import { freePort } from './tcp-path.ts'

/** Debian installs the program in a folder that only root has in its PATH. */
const program = Bun.which('pgbouncer', { PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` })

/** Tests without PgBouncer are skipped, except in CI, where they fail. */
export const skipsPgBouncer = program === null && !process.env.CI
if (skipsPgBouncer)
  process.stderr.write('The tests of PgBouncer are skipped: the program pgbouncer is not installed.\n')

/** A real PgBouncer in front of the server at `postgresUrl`. */
export async function startPgBouncer(postgresUrl: string, mode: 'transaction' | 'session' | 'statement') {
  if (program === null) throw new Error('The program pgbouncer is not installed.')
  const folder = temporaryFolder()
  chmodSync(folder.path, 0o755)
  const { port: serverPort, username, password } = new URL(postgresUrl)
  const port = freePort()
  const config = join(folder.path, 'pgbouncer.ini')
  await Bun.write(join(folder.path, 'users.txt'), `"${username}" "${password}"\n`)
  await Bun.write(
    config,
    `[databases]
* = host=127.0.0.1 port=${serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${join(folder.path, 'users.txt')}
pool_mode = ${mode}
default_pool_size = 30
max_client_conn = 500
`,
  )
  // PgBouncer does not run as root.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const child = Bun.spawn([program, '-q', ...user, config], {
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'ignore',
  })
  const listens = () =>
    Bun.connect({ hostname: '127.0.0.1', port, socket: { data() {} } }).then(
      (socket) => {
        socket.end()
        return true
      },
      () => false,
    )
  await until(listens, 'PgBouncer listens')

  return {
    /** The URL through PgBouncer for a database at this URL of PostgreSQL. */
    through(url: string, parameters = '') {
      const via = new URL(url)
      via.port = String(port)
      via.search = parameters
      return via.href
    },
    async [Symbol.asyncDispose]() {
      child.kill()
      await child.exited
      folder[Symbol.dispose]()
    },
  }
}
