import type { App } from '../app.ts'
import { compose } from '../compose.ts'
import type { Config } from '../config.ts'
import { createLog, describeError } from '../log.ts'
import { createLogOutput } from '../log-output.ts'
import { createCommand } from './command.ts'
import { outliveReader } from './reader.ts'

/** `serve` */
export const serve = createCommand({
  synopsis: 'bun start',
  summary: 'Serves until SIGTERM or SIGINT.',
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
  outliveReader()
  const output = createLogOutput()
  const log = createLog(config.logLevel, output)
  await using starting = new AsyncDisposableStack()
  const { app, fallbacks } = starting.use(await compose(config, log))
  listen(app, config)
  const running = starting.move()
  for (const part of fallbacks) log.info(`development mode, ${part}`)
  if (!config.production) log.info(`open ${app.server?.url} in a browser for the playground`)
  log.info({ port: app.server?.port }, `listening on ${app.server?.url}`)

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

/** @throws Error with one sentence when the address is in use or does not belong to this machine. */
function listen(app: App, { host, port }: Config) {
  try {
    app.listen({ port, hostname: host })
  } catch (error) {
    const { code } = error as { code?: string }
    const reason = code === 'EADDRINUSE' ? 'another program listens there' : (code ?? 'it was refused')
    throw new Error(`The server cannot listen on ${host}:${port}: ${reason}.`, { cause: error })
  }
}
