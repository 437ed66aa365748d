import type { EventBus } from '../events.ts'
import type { Log } from '../log.ts'

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
  events.on('generation.finished', ({ data }) => {
    if (data.outcome !== 'accepted') log.warn(data, 'a generation failed')
  })
}
