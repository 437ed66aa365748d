import { type Html, html } from '../pages/html.ts'
import { pageShell } from '../pages/shell.ts'
import { difficulties } from '../question.ts'

type Choices = {
  /** The variables of the environment for `bun run token`. `undefined` if users paste session tokens of Clerk. */
  tokenVariables: Record<string, string> | undefined
  /** Whether to link to the documentation page. */
  docs: boolean
}

/** Each difficulty with its label. */
const choices = difficulties.map(
  (difficulty) => [difficulty, difficulty.replace(/^./, (letter) => letter.toUpperCase())] as const,
)

/** Renders the playground before sign-in. `web/playground/main.ts` adds the behaviour. */
export function renderPlayground({ tokenVariables, docs }: Choices): Html {
  const body = html`<header>
    <h1>AI coding challenges <span class="soft">Playground</span></h1>
    ${docs && html`<a href="/openapi">API documentation</a>`}
    <p id="session" hidden>
      <span class="visually-hidden">Signed in as</span>
      <strong id="user"></strong>
      <button type="button" id="sign-out" class="quiet">Sign out</button>
    </p>
  </header>
  <main id="main" tabindex="-1" data-documented="${String(docs)}">
    <noscript><p class="card">The playground needs JavaScript.</p></noscript>
    ${renderSignIn(tokenVariables)}
    <div id="workspace" hidden>
      ${renderNewChallenge()}
      <section id="stage" aria-label="Challenge" tabindex="-1" hidden></section>
      <section class="card aside" aria-labelledby="progress-title">
        <h2 id="progress-title">Progress</h2>
        <div id="progress"></div>
      </section>
      ${renderHistory()}
      ${lastRequest}
    </div>
  </main>`
  const title = 'Playground · AI coding challenges'
  return pageShell({ title, folder: '/playground', body })
}

function renderSignIn(tokenVariables: Record<string, string> | undefined): Html {
  const variables = tokenVariables && html`data-token-variables="${JSON.stringify(tokenVariables)}"`
  return html`<section class="card narrow" aria-labelledby="sign-in-title">
    <form id="sign-in" ${variables}>
      <h2 id="sign-in-title" tabindex="-1">Sign in</h2>
      ${tokenVariables ? madeUpUser : pastedToken}
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
        <h2 id="start-title" class="visually-hidden">New challenge</h2>
        <form id="generate">
          <p class="labelled">
            <label for="topic">Topic</label>
            <select id="topic"><option value="">Any topic</option></select>
          </p>
          <fieldset class="choices">
            <legend>Difficulty</legend>
            ${choices.map(
              ([value, label]) =>
                html`<label class="choice"><input type="radio" name="difficulty" value="${value}" ${value === 'easy' && html`checked`}> ${label}</label>`,
            )}
          </fieldset>
          <button id="generate-button" class="primary generates" aria-describedby="generate-reason">Generate</button>
        </form>
        <p id="generate-reason" class="small" role="status"></p>
        <section id="quota" class="quota" aria-label="Quota"></section>
      </section>`
}

const lastRequest = html`<details id="request" class="card" hidden>
        <summary><h2>The request just made</h2></summary>
        <section id="request-shown" aria-label="The request just made"></section>
      </details>`

const verdicts = [
  ['none', 'Not answered'],
  ['right', 'Right'],
  ['wrong', 'Wrong'],
] as const

function renderHistory(): Html {
  return html`<section class="card" aria-labelledby="history-title">
        <div class="row">
          <h2 id="history-title">History</h2>
          <form id="filters" aria-label="Filters of the history">
            ${renderFilter('answer', 'Answer', verdicts)}
            ${renderFilter('topic', 'Topic', [])}
            ${renderFilter('difficulty', 'Difficulty', choices)}
          </form>
        </div>
        <div id="history"></div>
      </section>`
}

function renderFilter(name: string, label: string, values: readonly (readonly [string, string])[]): Html {
  return html`<p class="labelled">
              <label for="filter-${name}">${label}</label>
              <select id="filter-${name}" name="${name}">
                <option value="">All</option>
                ${values.map(([value, text]) => html`<option value="${value}">${text}</option>`)}
              </select>
            </p>`
}
