import { join } from 'node:path'
import { until } from './async.ts'
import { temporaryFolder } from './folder.ts'
import { freePort } from './tcp-path.ts'

/** Debian installs the program in a folder that only root has in its PATH. */
const program = Bun.which('nginx', { PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` })

/** Tests without nginx are skipped, except in CI, where they fail. */
export const skipsNginx = program === null && !process.env.CI
if (skipsNginx) process.stderr.write('The tests of nginx are skipped: the program nginx is not installed.\n')

export const siteFile = join(import.meta.dir, '../../deploy/nginx.conf')

/** Replaces text that must occur. */
function replace(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`deploy/nginx.conf does not contain ${from}.`)
  return text.replaceAll(from, to)
}

/** Makes a certificate for 127.0.0.1, which is its own authority. */
async function makeCertificate(key: string, certificate: string): Promise<string> {
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2']
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key]
  const made = Bun.spawnSync(['openssl', 'req', '-x509', ...newKey, ...subject, '-out', certificate])
  if (!made.success) throw new Error(made.stderr.toString())
  return Bun.file(certificate).text()
}

/** `deploy/nginx.conf` with the addresses and paths of a test, in the configuration that surrounds it. */
async function configure(file: (name: string) => string, port: number, serverPort: number): Promise<string> {
  const letsEncrypt = '/etc/letsencrypt/live/challenges.example.com/'
  let site = await Bun.file(siteFile).text()
  site = replace(site, '127.0.0.1:8000', `127.0.0.1:${serverPort}`)
  site = replace(site, 'listen 443 ', `listen 127.0.0.1:${port} `)
  site = replace(site, 'listen [::]:443 ssl http2;', '')
  site = replace(site, `${letsEncrypt}fullchain.pem`, file('certificate.pem'))
  site = replace(site, `${letsEncrypt}privkey.pem`, file('key.pem'))
  site = replace(site, '/var/log/nginx/', file('/'))
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
pid ${file('nginx.pid')};
events { worker_connections 256; }
http {
${temporary.map((name) => `${name}_temp_path ${file(name)};`).join('\n')}
${site}
}
`
}

/** A real nginx with `deploy/nginx.conf` in front of the server at `serverPort`. */
export async function startNginx(serverPort: number) {
  if (program === null) throw new Error('The program nginx is not installed.')
  const folder = temporaryFolder()
  const file = (name: string) => join(folder.path, name)
  const port = freePort()
  const certificate = await makeCertificate(file('key.pem'), file('certificate.pem'))
  await Bun.write(file('nginx.conf'), await configure(file, port, serverPort))
  const child = Bun.spawn([program, '-e', file('error.log'), '-c', file('nginx.conf')], {
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
  })
  const url = `https://127.0.0.1:${port}`
  const answers = () =>
    fetch(url, { tls: { ca: certificate } }).then(
      ({ status }) => status === 404,
      () => false,
    )
  const failed = child.exited.then(async () => {
    throw new Error(`nginx ended: ${await new Response(child.stderr).text()}`)
  })
  failed.catch(() => undefined)
  await Promise.race([until(answers, 'nginx answers'), failed])

  return {
    url,
    certificate,
    accessLog: () => Bun.file(file('coding-challenges.log')).text(),
    async [Symbol.asyncDispose]() {
      child.kill()
      await child.exited
      folder[Symbol.dispose]()
    },
  }
}
