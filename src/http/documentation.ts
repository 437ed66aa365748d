import { ProblemModel } from './problems.ts'

type ProblemStatus = 400 | 401 | 408 | 413 | 415 | 422 | 429 | 500 | 503

/** The error answers of a route, for its `response`. The documentation adds what each of them means. */
export function problemResponses<const S extends ProblemStatus[]>(...statuses: S) {
  return Object.fromEntries(statuses.map((status) => [status, ProblemModel])) as {
    [status in S[number]]: typeof ProblemModel
  }
}

/** For the `detail` of a route that needs a session. */
export const signedIn = { security: [{ session: [] }] }
