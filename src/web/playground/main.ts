import { byId } from '../dom.ts'
import { ApiError, type ApiRequest, type Challenge, type History, type Quota, readBody, send } from './api.ts'
import { renderError } from './errors.ts'
import { createHistory } from './history.ts'
import { createQuotaDisplay } from './quota.ts'
import { showRequest } from './request-panel.ts'
import { createSignIn, type Session } from './session.ts'
import { createStage } from './stage.ts'

let session: Session | undefined
let generating = false
/** The request that got no answer. A repetition with the same idempotency key costs no second credit. */
let unanswered: { difficulty: string; key: string } | undefined

const form = byId('generate', HTMLFormElement)
const button = form.querySelector('button')
const quota = createQuotaDisplay(() => void refreshQuota(false))
const history = createHistory((request, shown) => call<History>(request, shown))
const stage = createStage(() => void generate())

form.addEventListener('submit', (event) => {
  event.preventDefault()
  void generate()
})

const signIn = createSignIn((entered) => {
  session = entered
  setGenerating(false)
  stage.clear()
  if (!entered) return
  void history.load(false)
  void refreshQuota(true)
  form.querySelector<HTMLInputElement>('input:checked')?.focus()
})

/** Sends a request as the signed-in user. With `shown` (requests by the user, not by the page) the panel shows it. */
async function call<Body>(request: ApiRequest, shown: boolean): Promise<Body> {
  const asked = session
  const answered = await send(request, asked?.token)
  if (shown && asked) showRequest(answered, asked.command)
  try {
    return readBody<Body>(answered)
  } catch (error) {
    if (error instanceof ApiError && error.code === 'unauthenticated' && session === asked)
      signIn.leave(error)
    throw error
  }
}

async function refreshQuota(shown: boolean) {
  try {
    quota.show(await call<Quota>({ method: 'GET', path: '/api/quota' }, shown))
  } catch (error) {
    quota.showError(renderError(error))
  }
}

async function generate() {
  if (generating) return
  setGenerating(true)
  const asked = session
  const difficulty = String(new FormData(form).get('difficulty'))
  if (unanswered?.difficulty !== difficulty) unanswered = { difficulty, key: randomKey() }
  stage.showProgress(difficulty)
  try {
    const headers = { 'Idempotency-Key': unanswered.key }
    const path = '/api/generate-challenge'
    const challenge = await call<Challenge>({ method: 'POST', path, headers, body: { difficulty } }, true)
    unanswered = undefined
    if (session !== asked) return
    stage.showChallenge(challenge)
    void history.load(false)
    void refreshQuota(false)
  } catch (error) {
    const answered = error instanceof ApiError && error.code !== ''
    if (answered) unanswered = undefined
    if (session !== asked) return
    stage.showError(error)
    if (answered) void refreshQuota(false)
  } finally {
    if (session === asked) setGenerating(false)
  }
}

function setGenerating(now: boolean) {
  generating = now
  // `disabled` would remove the focus from the button.
  button?.setAttribute('aria-disabled', String(now))
}

/** Creates an idempotency key. `crypto.randomUUID` exists only on HTTPS and loopback addresses. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}
