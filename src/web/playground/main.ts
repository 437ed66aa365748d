import { createSignIn } from './session.ts'
import { openWorkspace } from './workspace.ts'

let ended = new AbortController()

const signIn = createSignIn((session) => {
  ended.abort()
  ended = new AbortController()
  if (session) openWorkspace(session, ended.signal, (error) => signIn.leave(error))
})
