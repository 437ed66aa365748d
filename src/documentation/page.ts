import { type Html, html } from '../pages/html.ts'
import { pageShell } from '../pages/shell.ts'
import { guide } from './guide.ts'
import type { Document, Schema } from './openapi.ts'
import { operationSection, type Route } from './operation.ts'
import { schemaTree } from './schema-tree.ts'
import { copyable, jsonBlock, rich } from './words.ts'

/** The document as a page that a person reads. It is complete without a script. */
export function documentationPage(document: Document): Html {
  const { info, tags } = document
  const routes = routesOf(document)
  const body = html`<header>
    <h1>${info.title} <span class="soft">API ${info.version}</span></h1>
    <p class="lead">${info.summary}</p>
    <p>${rich(info.description)}</p>
    <p>The same for programs: <a href="/openapi/json">OpenAPI ${document.openapi}</a>.</p>
  </header>
  ${contents(document, routes)}
  <main id="main" tabindex="-1">
    ${sessions(document)}
    ${tags.map(
      ({ name, description }) => html`<section aria-labelledby="${name}">
      <h2 id="${name}">${name}</h2>
      <p class="soft">${rich(description)}</p>
      ${routes.filter(({ operation }) => operation.tags.includes(name)).map(operationSection)}
    </section>`,
    )}
    ${problems(routes)}
  </main>`
  return pageShell({ title: `API · ${info.title}`, folder: '/openapi', style: 'documentation.css', body })
}

function routesOf({ paths }: Document): Route[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ path, method, operation })),
  )
}

function contents({ tags }: Document, routes: Route[]): Html {
  const listed = (name: string) => routes.filter(({ operation }) => operation.tags.includes(name))
  return html`<nav aria-label="Contents">
    <ul>
      <li><a class="group" href="#session">Sessions</a></li>
      ${tags.map(
        ({ name }) =>
          html`<li><a class="group" href="#${name}">${name}</a><ul>${listed(name).map(
            ({ operation: { operationId, summary } }) =>
              html`<li><a href="#${operationId}">${summary}</a></li>`,
          )}</ul></li>`,
      )}
      <li><a class="group" href="#problems">Problems</a></li>
    </ul>
  </nav>`
}

function sessions({ components }: Document): Html {
  return html`<section id="session" aria-labelledby="session-title">
      <h2 id="session-title">Sessions</h2>
      <p>Where <span class="badge">session</span> is written, a request needs a session:
        <code>Authorization: Bearer &lt;session token&gt;</code>. ${rich(components.securitySchemes.session?.description)}</p>
      ${copyable('TOKEN=$(bun run token user_1)', 'Get a session token in development')}
    </section>`
}

function problems(routes: Route[]): Html {
  const answers = routes.flatMap(({ operation }) => Object.values(operation.responses))
  const schema = answers.map(({ content }) => content?.['application/problem+json']?.schema).find(Boolean)
  const example = guide.find(({ code }) => code === 'quota_exhausted')?.example
  return html`<section id="problems" aria-labelledby="problems-title">
      <h2 id="problems-title">Problems</h2>
      <p>Every error is a problem, with these members.</p>
      <div class="card">${schemaTree(shortened(schema))}${jsonBlock(example, 'Example of a problem')}</div>
      <table role="table">
        <caption class="visually-hidden">The codes of problems</caption>
        <thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">When</th><th scope="col">What to do</th></tr></thead>
        <tbody>${guide.map(
          ({ code, status, title, when, remedy }) => html`<tr id="${code}" role="row">
          <th scope="row" role="rowheader"><a class="problem-code" href="#${code}"><code>${code}</code></a><span class="soft small">${title}</span></th>
          <td role="cell">${status}</td><td role="cell">${rich(when)}</td><td role="cell">${rich(remedy)}</td></tr>`,
        )}</tbody>
      </table>
    </section>`
}

/** Without the list of codes, since a table follows. */
function shortened({ properties = {}, ...schema }: Schema = {}): Schema {
  const { enum: _, ...code } = properties.code ?? {}
  return { ...schema, properties: { ...properties, code } }
}
