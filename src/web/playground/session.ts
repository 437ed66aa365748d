import { quoted } from '../curl.ts'
import { byId, focusOn } from '../dom.ts'
import { type Answered, type ApiRequest, bodyOf, send } from './api.ts'
import { errorBox } from './errors.ts'

export type Session = {
  userId: string
  token: string
  /** How to get a token in a shell. */
  command: string
}

const remembered = 'playground.session'

/** The form to sign in with, and the way back to it. A session outlives a reload of the page, not its tab. */
export function createSignIn(onChange: (session: Session | undefined) => void) {
  const form = byId('sign-in', HTMLFormElement)
  const input = byId('identity', HTMLInputElement)
  const errors = byId('sign-in-error', HTMLElement)

  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    try {
      enter(form.dataset.madeUp === 'true' ? await signInAs(input.value) : sessionOf(input.value))
    } catch (error) {
      errors.replaceChildren(errorBox(error))
    }
  })

  function enter(session: Session) {
    sessionStorage.setItem(remembered, JSON.stringify(session))
    errors.replaceChildren()
    show(session)
    onChange(session)
  }

  /** Goes back to the form; `error` is the reason, if there is one. */
  function leave(error?: unknown) {
    sessionStorage.removeItem(remembered)
    show(undefined)
    onChange(undefined)
    errors.replaceChildren(...(error ? [errorBox(error)] : []))
    focusOn(byId('sign-in-title', HTMLElement))
  }

  byId('sign-out', HTMLButtonElement).addEventListener('click', () => leave())
  const known = sessionStorage.getItem(remembered)
  if (known) enter(JSON.parse(known) as Session)
  return { leave }
}

function show(session: Session | undefined) {
  byId('sign-in', HTMLFormElement)
    .closest('section')
    ?.toggleAttribute('hidden', session !== undefined)
  byId('workspace', HTMLElement).hidden = session === undefined
  byId('session', HTMLElement).hidden = session === undefined
  byId('user', HTMLElement).textContent = session?.userId ?? ''
}

async function signInAs(userId: string): Promise<Session> {
  const request: ApiRequest = { method: 'POST', path: '/playground/token', body: { user_id: userId } }
  const answered: Answered = await send(request)
  const { token } = bodyOf<{ token: string }>(answered)
  return { userId, token, command: `TOKEN=$(bun run token ${quoted(userId)})` }
}

/** The session of a pasted token. Whether it is a good one is for the server to say. */
function sessionOf(pasted: string): Session {
  const token = pasted.trim()
  let userId = 'the user of the token'
  try {
    const claims = token.split('.')[1] ?? ''
    userId = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/'))).sub
  } catch {
    // Not a token: the first request will say so.
  }
  return { userId, token, command: "TOKEN='…'  # await Clerk.session.getToken(), in your front end" }
}
