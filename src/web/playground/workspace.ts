import { byId } from '../dom.ts'
import { keepAgesRight } from '../time.ts'
import { practise, renderPracticeNote, sendAnswer } from './answering.ts'
import { ApiError, type Challenge, type Listed, type Topics } from './api.ts'
import { renderChallenge } from './challenge.ts'
import { type Call, createClient } from './client.ts'
import { createGenerateForm } from './generate-form.ts'
import { createGeneration } from './generation.ts'
import { createHistory } from './history.ts'
import { listenForKeys } from './keys.ts'
import { createMemory } from './memory.ts'
import { renderNext } from './next.ts'
import { createProgressPanel } from './progress.ts'
import { createQuotaPanel } from './quota.ts'
import type { Report } from './report.ts'
import type { Session } from './session.ts'
import { createStage } from './stage.ts'
import { createStore, nameTopic, type Store } from './state.ts'

/** Opens the page of a signed-in user until `ended` aborts. `onRefused` is called if the session is not valid. */
export function openWorkspace(session: Session, ended: AbortSignal, onRefused: (error: ApiError) => void) {
  const call = createClient(session, ended, onRefused)
  const memory = createMemory(session.userId)
  const shared = { call, store: createStore(), memory, ended }
  const again = () => void generate(form.readChoice())
  const stage = createStage(again)
  const [quota, progress] = [createQuotaPanel(shared), createProgressPanel(shared)]
  const toReport = (id: number) => createReport(call, id)
  const toName = (topic: string) => nameTopic(shared.store, topic)
  const history = createHistory({ ...shared, actions: { open: show, report: toReport, nameTopic: toName } })
  const form = createGenerateForm(shared, again)
  const generate = createGeneration({ ...shared, stage, onChallenge, onRefused: () => void quota.load() })

  function onChallenge(challenge: Challenge) {
    show(challenge)
    void history.load()
    void quota.load()
  }

  /** Shows a challenge in the stage: for its first answer, or for practice. */
  function show(challenge: Challenge) {
    const { id, topic, answer: first } = challenge
    if (!first) memory.set({ openChallenge: id })
    const answer = (option: number) => (first ? practise(challenge, option) : answerFirst(challenge, option))
    const actions = { answer, renderNext: () => renderNext(shared.store, again), report: toReport(id) }
    const labels = {
      topic: topic === null ? undefined : toName(topic),
      note: first && renderPracticeNote(first),
    }
    stage.showCard(renderChallenge(challenge, actions, labels))
  }

  async function answerFirst(challenge: Challenge, option: number) {
    const solution = await sendAnswer(call, challenge, option)
    memory.set({ openChallenge: undefined })
    void progress.load()
    void history.load()
    return solution
  }

  /** Continues where the user left: with the generation whose answer was lost, or with the unanswered challenge. */
  async function resume() {
    const { pending, openChallenge } = memory.get()
    if (pending && !pending.cancelled) return generate(pending)
    if (openChallenge === undefined) return
    try {
      const found = await call<Listed>({ method: 'GET', path: `/api/challenges/${openChallenge}` })
      if (found.answer) memory.set({ openChallenge: undefined })
      else show(found)
    } catch (error) {
      if (error instanceof ApiError && error.code === 'not_found') memory.set({ openChallenge: undefined })
      else stage.showError(error, () => void resume())
    }
  }

  function load() {
    for (const panel of [progress, history, quota]) void panel.load()
  }

  stage.clear()
  byId('request', HTMLElement).hidden = true
  listenForKeys(byId('stage', HTMLElement), ended)
  keepAgesRight(ended)
  addEventListener('online', load, { signal: ended })
  form.focus()
  void loadTopics(call, shared.store).then(resume)
  load()
}

function createReport(call: Call, id: number): Report {
  return (report) =>
    call({ method: 'POST', path: `/api/challenges/${id}/report`, body: report }, { shown: true })
}

/** Loads the topics that the server offers. Without them, a challenge on any topic can be generated. */
async function loadTopics(call: Call, store: Store) {
  try {
    const { topics } = await call<Topics>({ method: 'GET', path: '/api/topics' })
    store.set({ topics })
  } catch {
    // The other requests show the error if the server cannot be reached.
  }
}
