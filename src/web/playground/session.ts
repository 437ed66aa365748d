import { quote } from '../curl.ts'
import { byId, moveFocus } from '../dom.ts'
import { type ApiRequest, readBody, send } from './api.ts'
import { renderError } from './errors.ts'

export type Session = {
  userId: string
  token: string
  /** A shell command that sets `$TOKEN`. */
  command: string
}

const storageKey = 'playground.session'

/** Handles sign-in and sign-out. The session survives a reload of the page, but not the end of the tab. */
export function createSignIn(onChange: (session: Session | undefined) => void) {
  const form = byId('sign-in', HTMLFormElement)
  const input = byId('identity', HTMLInputElement)
  const errors = byId('sign-in-error', HTMLElement)

  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    try {
      const { tokenVariables } = form.dataset
      enter(
        tokenVariables
          ? await signInAs(input.value, Object.entries(JSON.parse(tokenVariables)))
          : parseSession(input.value),
      )
    } catch (error) {
      errors.replaceChildren(renderError(error))
    }
  })

  function enter(session: Session) {
    sessionStorage.setItem(storageKey, JSON.stringify(session))
    errors.replaceChildren()
    show(session)
    onChange(session)
  }

  /** Signs out and shows the form again, with `error` if given. */
  function leave(error?: unknown) {
    sessionStorage.removeItem(storageKey)
    show(undefined)
    onChange(undefined)
    errors.replaceChildren(...(error ? [renderError(error)] : []))
    moveFocus(byId('sign-in-title', HTMLElement))
  }

  byId('sign-out', HTMLButtonElement).addEventListener('click', () => leave())
  const stored = sessionStorage.getItem(storageKey)
  if (stored) enter(JSON.parse(stored) as Session)
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

/** `variables` are the variables of the environment that `bun run token` needs to reach this server. */
async function signInAs(userId: string, variables: [name: string, value: string][]): Promise<Session> {
  const request: ApiRequest = { method: 'POST', path: '/playground/token', body: { user_id: userId } }
  const { token } = readBody<{ token: string }>(await send(request))
  const words = [
    ...variables.map(([name, value]) => `${name}=${quote(value)}`),
    'bun run token',
    quote(userId),
  ]
  return { userId, token, command: `TOKEN=$(${words.join(' ')})` }
}

/** Reads the user id from a pasted token. Does not verify the token: the server does that. */
function parseSession(pasted: string): Session {
  const token = pasted.trim()
  let userId = 'the user of the token'
  try {
    const claims = token.split('.')[1] ?? ''
    userId = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/'))).sub
  } catch {
    // The text is not a token; the first request fails and shows the error.
  }
  return { userId, token, command: "TOKEN='…'  # await Clerk.session.getToken(), in your front end" }
}
