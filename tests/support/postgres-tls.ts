import { chmodSync, chownSync, copyFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { SQL } from 'bun'
import { until } from './async.ts'
import type { Postgres } from './postgres.ts'

/**
 * Turns TLS on with a new certificate for the host `localhost`, which a new CA signs. The files are written to `folder`.
 * Returns the paths of the certificates of that CA and of another one.
 */
export async function enableTls(postgres: Postgres, folder: string) {
  const path = (name: string) => join(folder, name)
  const ca = createCa(folder, 'ca')
  const otherCa = createCa(folder, 'other-ca')
  await Bun.write(path('names'), 'subjectAltName=DNS:localhost')
  openssl(folder, 'req -newkey ec:ca.params -nodes -keyout server.key -out server.csr -subj /CN=localhost')
  openssl(
    folder,
    'x509 -req -in server.csr -CA ca.crt -CAkey ca.key -days 2 -extfile names -out server.crt -CAcreateserial',
  )
  await using client = new SQL(postgres.url('postgres'), { max: 1 })
  const [{ data }] = await client`SELECT current_setting('data_directory') AS data`
  const { uid, gid } = statSync(data)
  for (const file of ['server.crt', 'server.key']) {
    copyFileSync(path(file), join(data, file))
    chownSync(join(data, file), uid, gid)
    chmodSync(join(data, file), 0o600)
  }
  await client`ALTER SYSTEM SET ssl = on`
  await client`SELECT pg_reload_conf()`
  await until(async () => (await client`SHOW ssl`)[0].ssl === 'on', 'PostgreSQL offers TLS')
  return { ca, otherCa }
}

function createCa(folder: string, name: string): string {
  openssl(folder, `ecparam -name prime256v1 -out ${name}.params`)
  const files = `-keyout ${name}.key -out ${name}.crt`
  openssl(folder, `req -x509 -newkey ec:${name}.params -nodes ${files} -subj /CN=${name} -days 2`)
  return join(folder, `${name}.crt`)
}

function openssl(cwd: string, words: string) {
  const { exitCode, stderr } = Bun.spawnSync(['openssl', ...words.split(' ')], { cwd })
  if (exitCode !== 0) throw new Error(`openssl ${words}: ${stderr}`)
}
