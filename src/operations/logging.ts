import type { EventBus } from '../events.ts'
import type { Log } from '../log.ts'

/** Each damaged row is logged once, and at most so many are. */
const maxLoggedRows = 1000

/** Logs failures of the model and of generation for the operator; clients do not see them. */
export function subscribeLogging(events: EventBus, log: Log) {
  events.on('model.failed', ({ data: { quiet, ...data } }) => {
    if (!quiet) log.warn(data, 'the model failed')
  })
  events.on('challenge.rejected', ({ data }) => log.info(data, 'a challenge was rejected'))
  events.on('question.suspected', ({ data }) => log.warn(data, 'a question is suspected'))
  events.on('question.cleared', ({ data }) => log.info(data, 'a suspected question was cleared'))
  events.on('question.retired', ({ data }) => log.warn(data, 'a suspected question was retired'))
  events.on('model.refused_option', ({ data }) => log.warn(data, 'the model refused an option'))
  events.on('model.noticed', ({ data }) => {
    for (const { text, ...fields } of data.notices) log.warn(fields, text)
  })
  const logged = new Set<string>()
  events.on('row.left_out', ({ data }) => {
    const name = `${data.table} ${data.id}`
    if (logged.has(name) || logged.size === maxLoggedRows) return
    logged.add(name)
    log.error(data, 'a damaged row of the database is left out')
  })
  events.on('generation.finished', ({ data }) => {
    if (data.outcome !== 'accepted') log.warn(data, 'a generation failed')
  })
}
