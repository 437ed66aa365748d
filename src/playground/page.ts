import { type Html, html } from '../pages/html.ts'
import { pageShell } from '../pages/shell.ts'
import { difficulties } from '../question.ts'

type Choices = {
  /** Whether the server signs sessions for any user id. Otherwise the user pastes a session token. */
  madeUpUsers: boolean
  /** Whether to link to the documentation page. */
  documented: boolean
}

/** Each difficulty with its label. */
const choices = difficulties.map(
  (difficulty) => [difficulty, difficulty.replace(/^./, (letter) => letter.toUpperCase())] as const,
)

/** Renders the playground before sign-in. `web/playground/main.ts` adds the behaviour. */
export function renderPlayground({ madeUpUsers, documented }: Choices): Html {
  const body = html`<header>
    <h1>AI coding challenges <span class="soft">Playground</span></h1>
    ${documented && html`<a href="/openapi">API documentation</a>`}
    <p id="session" hidden>
      <span class="visually-hidden">Signed in as</span>
      <strong id="user"></strong>
      <button type="button" id="sign-out" class="quiet">Sign out</button>
    </p>
  </header>
  <main id="main" tabindex="-1" data-documented="${String(documented)}">
    <noscript><p class="card">The playground needs JavaScript.</p></noscript>
    ${renderSignIn(madeUpUsers)}
    <div id="workspace" hidden>${renderNewChallenge()}${renderLastRequest()}${renderHistory()}</div>
  </main>`
  const title = 'Playground · AI coding challenges'
  return pageShell({ title, folder: '/playground', body })
}

function renderSignIn(madeUpUsers: boolean): Html {
  return html`<section class="card" aria-labelledby="sign-in-title">
    <form id="sign-in" data-made-up="${String(madeUpUsers)}">
      <h2 id="sign-in-title" tabindex="-1">Sign in</h2>
      ${madeUpUsers ? madeUpUser : pastedToken}
      <div id="sign-in-error"></div>
      <button class="primary">Sign in</button>
    </form>
  </section>`
}

const madeUpUser = html`<p class="soft" id="sign-in-hint">
        Any user id works: this server signs development sessions itself. Every user has a quota and a history.
      </p>
      <p class="field">
        <label for="identity">User id</label>
        <input id="identity" value="user_dev" required maxlength="255" pattern="[!-~]+"
          title="Printable characters without spaces" autocomplete="off" autocapitalize="none" spellcheck="false"
          aria-describedby="sign-in-hint">
      </p>`

const pastedToken = html`<p class="soft" id="sign-in-hint">
        Sessions are Clerk’s. In the console of your front end, <code>await Clerk.session.getToken()</code> prints
        a token; it lives for a minute, unless Clerk is told otherwise.
      </p>
      <p class="field">
        <label for="identity">Session token</label>
        <input id="identity" type="password" required autocomplete="off" aria-describedby="sign-in-hint">
      </p>`

function renderNewChallenge(): Html {
  return html`<section class="card start" aria-labelledby="start-title">
      <h2 id="start-title" tabindex="-1">New challenge</h2>
      <form id="generate">
        <fieldset class="choices">
          <legend>Difficulty</legend>
          ${choices.map(
            ([value, label]) =>
              html`<label class="choice"><input type="radio" name="difficulty" value="${value}" ${value === 'easy' && html`checked`}> ${label}</label>`,
          )}
        </fieldset>
        <button class="primary">Generate</button>
      </form>
      <section id="quota" class="quota" aria-label="Quota"></section>
    </section>
    <section id="stage" aria-label="Challenge" hidden></section>`
}

function renderLastRequest(): Html {
  return html`<section id="request" class="card" aria-labelledby="request-title" hidden>
      <h2 id="request-title">The request just made</h2>
      <div id="request-shown"></div>
    </section>`
}

function renderHistory(): Html {
  return html`<section class="card" aria-labelledby="history-title">
      <div class="row">
        <h2 id="history-title">History</h2>
        <p>
          <label for="filter" class="soft small">Difficulty</label>
          <select id="filter">
            <option value="">All</option>
            ${choices.map(([value, label]) => html`<option value="${value}">${label}</option>`)}
          </select>
        </p>
      </div>
      <div id="history"></div>
    </section>`
}
