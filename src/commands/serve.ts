import { version } from '../../package.json'
import type { App } from '../app.ts'
import { compose } from '../compose.ts'
import type { Config } from '../config.ts'
import { createLog, describeError } from '../log.ts'
import { chooseLogFormat } from '../log-format.ts'
import { createLogOutput } from '../log-output.ts'
import { ignoreBrokenPipe } from './broken-pipe.ts'
import { createCommand } from './command.ts'

/** `serve` */
export const serve = createCommand({
  synopsis: 'bun start',
  summary: 'Serves until SIGTERM, SIGINT or SIGHUP.',
  details:
    'The server takes no arguments: environment variables configure it. docs/configuration.md explains them.',
  options: {},
  words: [0, 0],
  run: startServing,
})

/**
 * Serves until a signal arrives; then finishes the requests in flight, closes the database and exits with 0.
 * @throws Error with one sentence when it cannot start.
 */
async function startServing(config: Config) {
  ignoreBrokenPipe()
  const { production } = config
  const output = createLogOutput(chooseLogFormat({ production, isTTY: process.stdout.isTTY === true }))
  const log = createLog(config.logLevel, output)
  await using starting = new AsyncDisposableStack()
  const { app, fallbacks } = starting.use(await compose(config, log))
  listen(app, config)
  const running = starting.move()
  for (const part of fallbacks) log.info(`development mode, ${part}`)
  for (const warning of config.warnings) log.warn(warning)
  if (!production) log.info(`open ${app.server?.url} in a browser for the playground`)
  const facts = production ? describeServer(config) : {}
  log.info({ port: app.server?.port, ...facts }, `listening on ${app.server?.url}`)

  // By default, each of these would end the process and every request in flight.
  process.on('unhandledRejection', (error) => log.error(describeError(error), 'unhandled rejection'))
  process.on('uncaughtException', (error) => log.error(describeError(error), 'uncaught exception'))
  // Ctrl-C arrives twice under `bun start`: a second signal never means force.
  let stopping: Promise<void> | undefined
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.on(signal, () => (stopping ??= stop(signal)))

  async function stop(signal: string) {
    log.info({ signal }, 'stopping')
    await running.disposeAsync()
    log.info('stopped')
    await output.flush()
    process.exit(0)
  }
}

/** The settings that the log shows at the start, without a secret. */
function describeServer({ host, database, model, review, allowedOrigins, topics }: Config) {
  return {
    version,
    host,
    database: database.engine,
    model: model?.name,
    review: review ? model?.reviewName : 'off',
    origins: allowedOrigins,
    topics,
  }
}

/** @throws Error with one sentence that names the variable to change. */
function listen(app: App, { host, port }: Config) {
  try {
    app.listen({ port, hostname: host })
  } catch (error) {
    const { code = 'refused' } = error as { code?: string }
    const reason = listenFaults[code] ?? `the system refuses it (${code}); HOST and PORT set the address`
    const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
    throw new Error(`The server cannot listen on ${address}: ${reason}.`, { cause: error })
  }
}

const notHere = 'HOST is not an address of this machine'

const listenFaults: Record<string, string> = {
  EADDRINUSE: 'another program listens there; set PORT to another port',
  EACCES: 'this port is for privileged users only; set PORT to 1024 or above',
  EADDRNOTAVAIL: notHere,
  // Bun's code for a name that cannot be resolved.
  EINVAL: notHere,
}
