import { compose } from '../compose.ts'
import type { Config } from '../config.ts'
import { createLog, describeError } from '../http/log.ts'

/** How long a stop waits for requests in flight, in milliseconds. */
const patience = 30_000

/**
 * Serves until a signal says stop; then finishes what is in flight, closes the database and exits with 0.
 * @throws Error with one sentence when it cannot start.
 */
export async function serve(config: Config) {
  const log = createLog(config.logLevel)
  const { app, embedded, stopBackground, close } = await compose(config, log)
  listen()
  for (const part of embedded) log.info(`development mode, ${part}`)
  log.info({ port: app.server?.port }, `listening on ${app.server?.url}`)

  // By default either would end the process, and every request in flight with it.
  process.on('unhandledRejection', (error) => log.error(describeError(error), 'unhandled rejection'))
  process.on('uncaughtException', (error) => log.error(describeError(error), 'uncaught exception'))
  // Ctrl-C arrives twice under `bun start`: a second signal never means force.
  let stopping: Promise<void> | undefined
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => (stopping ??= stop(signal)))

  async function stop(signal: string) {
    log.info({ signal }, 'stopping')
    const background = stopBackground()
    const late = setTimeout(() => void app.server?.stop(true), patience)
    await app.server?.stop()
    await background
    clearTimeout(late)
    await close()
    log.info('stopped')
    log.flush(() => process.exit(0))
  }

  function listen() {
    try {
      // Without `reusePort: false` a second server would silently share the port.
      app.listen({
        port: config.port,
        hostname: config.host,
        reusePort: false,
        development: false,
        idleTimeout: 30,
        maxRequestBodySize: 16 * 1024 * 1024,
      })
    } catch (error) {
      const { code } = error as { code?: string }
      const reason = code === 'EADDRINUSE' ? 'another program listens there' : (code ?? 'it was refused')
      throw new Error(`The server cannot listen on ${config.host}:${config.port}: ${reason}.`, {
        cause: error,
      })
    }
  }
}
