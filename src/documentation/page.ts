import { type Html, html } from '../pages/html.ts'
import { pageShell } from '../pages/shell.ts'
import { baseDocument } from './base.ts'
import { guide } from './guide.ts'

type Assets = { style: string; script: string }

/** Swagger UI, which draws the document (`web/openapi/main.ts`), and the table that problems refer to. */
export function documentationPage(swagger: Assets): Html {
  const head = html`<link rel="stylesheet" href="${swagger.style}">
  <script defer src="${swagger.script}"></script>`
  const body = html`<div id="main" tabindex="-1"></div>
  <noscript><p>This page needs JavaScript. The API is also described by an <a href="/openapi/json">OpenAPI document</a>.</p></noscript>
  ${problems()}`
  return pageShell({ title: `API · ${baseDocument.info.title}`, folder: '/openapi', head, body })
}

function problems(): Html {
  return html`<section id="problems" aria-labelledby="problems-title">
    <h2 id="problems-title">Problems</h2>
    <p>Every error is a problem (RFC 9457) with one of these codes. Its <code>type</code> is a link to this table.</p>
    <table role="table">
      <thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">When</th><th scope="col">What to do</th></tr></thead>
      <tbody>${guide.map(
        ({ code, status, title, when, remedy }) => html`<tr id="${code}" role="row">
        <th scope="row" role="rowheader"><code>${code}</code> <small>${title}</small></th>
        <td role="cell">${status}</td><td role="cell">${formatCode(when)}</td><td role="cell">${formatCode(remedy)}</td></tr>`,
      )}</tbody>
    </table>
  </section>`
}

/** Text with code in backticks. */
function formatCode(text: string): Html {
  return html`${text.split('`').map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`))}`
}
