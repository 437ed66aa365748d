import type { Accepted } from '../authoring/generate.ts'
import type { GenerationFailed } from '../failure.ts'
import type { Progress } from './progress.ts'
import { toContent } from './questions-export.ts'

/** After this many failures of the model in a row, without an accepted question between them, the measurement ends. */
const failuresToStop = 5

export type Outcomes = ReturnType<typeof createOutcomes>

/**
 * Counts the outcomes of a measurement, and ends the measurement early when the model gives no answer.
 * @param total The number of questions that are generated.
 * @param json Whether each accepted question is printed as a line of JSON.
 */
export function createOutcomes(progress: Progress, total: number, json: boolean) {
  const stop = new AbortController()
  const counts = { accepted: 0, failed: 0, faults: 0, faultsInRow: 0 }
  let fault = ''
  const show = () => {
    const { accepted, failed } = counts
    progress.show(`${accepted + failed} of ${total}: ${accepted} accepted, ${failed} given up`)
  }
  show()
  return {
    signal: stop.signal,
    onAccepted({ question, checked }: Accepted) {
      counts.accepted++
      counts.faultsInRow = 0
      if (json) progress.print(`${JSON.stringify({ ...toContent(question), checked })}\n`)
      show()
    },
    onFailed({ modelAtFault, reason }: GenerationFailed) {
      counts.failed++
      counts.faults += modelAtFault ? 1 : 0
      counts.faultsInRow = modelAtFault ? counts.faultsInRow + 1 : 0
      fault = reason
      if (counts.faultsInRow >= failuresToStop) stop.abort()
      show()
    },
    /** @throws Error if the model gave no usable answer */
    assertAnswered() {
      if (stop.signal.aborted || (counts.accepted === 0 && counts.faults === counts.failed))
        throw new Error(
          `The model gives no usable answer (${fault}): check OPENAI_BASE_URL, OPENAI_API_KEY, OPENAI_MODEL and GENERATION_TIMEOUT_MS.`,
        )
    },
  }
}
