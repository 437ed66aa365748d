import type { EventBus } from '../events.ts'
import type { Log } from '../log.ts'

/** Logs failures of the model and of generation for the operator; clients do not see them. */
export function subscribeLogging(events: EventBus, log: Log) {
  events.on('model.failed', ({ data }) => log.warn(data, 'the model failed'))
  events.on('challenge.rejected', ({ data }) => log.info(data, 'a challenge was rejected'))
  events.on('model.noticed', ({ data }) => {
    if (data.notice) log.warn(data.notice)
  })
  events.on('generation.finished', ({ data }) => {
    if (data.outcome !== 'accepted') log.warn(data, 'a generation failed')
  })
}
