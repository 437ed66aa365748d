import { diskFolder } from '../tests/support/folder.ts'
import { median } from './comparison.ts'
import { answerAll, openNew } from './data.ts'
import { addQuestions } from './questions.ts'
import { findToken } from './requests.ts'
import type { Plan } from './rows.ts'
import { startServer } from './servers.ts'
import type { Fact } from './tables.ts'

const learner = 'user_learner'
const answers = 4000
const requests = { warmUp: 200, measured: 400 }
const day = 24 * 60 * 60 * 1000

/** Measures the time of one request for the progress of a learner with many answers, spread over a year. */
export async function measureProgress(plan: Plan): Promise<Fact[]> {
  if (!plan.wants('progress')) return []
  using folder = diskFolder()
  const path = `${folder.path}/progress.db`
  createAnswers(path)
  await using server = await startServer({
    log: `${folder.path}/server.log`,
    database: `file:${path}`,
    modelUrl: plan.model.url,
  })
  const headers = { authorization: `Bearer ${await findToken(learner)}` }
  const times: number[] = []
  for (let n = 0; n < requests.warmUp + requests.measured; n++) {
    const sent = performance.now()
    const response = await fetch(`${server.url}/api/progress?timezone=Europe/Berlin`, { headers })
    const { answered } = (await response.json()) as { answered?: number }
    if (n >= requests.warmUp) times.push(performance.now() - sent)
    if (answered !== answers) throw new Error(`The progress shows ${answered} answers: ${response.status}.`)
  }
  const p99 = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN
  return [
    {
      what: `\`GET /api/progress\`, ${answers} answers: p50, p99`,
      measured: `${median(times).toFixed(2)}, ${p99.toFixed(2)} ms`,
      target: '< 5 ms',
    },
  ]
}

function createAnswers(path: string) {
  const file = openNew(path)
  file.transaction(() => {
    addQuestions(file, answers)
    file
      .query(`INSERT INTO assignments (question_id, created_by, date_created)
        SELECT id, ?, ? - (? - id) * ? FROM questions ORDER BY id`)
      .run(learner, Date.now() - day, answers, Math.floor((365 * day) / answers))
    answerAll(file, 'true')
  })()
  file.close()
}
