import { curlOf } from '../pages/browser/curl.ts'
import { type Html, html } from '../pages/html.ts'
import type { Operation, Parameter, Response } from './openapi.ts'
import { describes, schemaTree, typeOf } from './schema-tree.ts'
import { copyable, jsonBlock, rich } from './words.ts'

export type Route = { path: string; method: string; operation: Operation }

/** Everything about a route. */
export function operationSection({ path, method, operation }: Route): Html {
  const { operationId, summary, description, security, parameters, requestBody, responses } = operation
  return html`<section class="card operation" id="${operationId}" aria-labelledby="${operationId}-title">
    <h3 id="${operationId}-title">${summary}</h3>
    <p class="route"><span class="method">${method.toUpperCase()}</span> <code>${path}</code>
      ${security ? html`<a class="badge" href="#session">session</a>` : html`<span class="soft small">no session</span>`}</p>
    ${description && html`<p>${rich(description)}</p>`}
    ${copyable(exampleOf({ path, method, operation }), `Example: ${summary}`)}
    ${parameters && html`<h4>Parameters</h4><ul class="tree">${parameters.map(parameterItem)}</ul>`}
    ${Object.values(requestBody?.content ?? {}).map(
      ({ schema }) => html`<h4>Body</h4>
    ${requestBody?.description && html`<p class="soft">${rich(sentence(requestBody.description))}</p>`}
    ${schemaTree(schema)}`,
    )}
    <h4>Answers</h4>
    <dl class="answers">${Object.entries(responses).map(([status, response]) => answer(status, response))}</dl>
  </section>`
}

function parameterItem({ name, in: place, required, description, schema }: Parameter): Html {
  return html`<li>
      <p><code class="name">${name}</code> <span class="type">${typeOf(schema)}</span>
        <span class="soft small">${place === 'header' ? 'header' : 'in the query'}${!required && ', optional'}</span></p>
      ${describes({ ...schema, description }) && html`<p class="soft small">${rich(sentence(description))}</p>`}
    </li>`
}

function answer(status: string, { description, headers = {}, content = {} }: Response): Html {
  const own = Object.keys(headers).filter((name) => name !== 'x-request-id')
  const [[type, { schema, example } = {}] = []] = Object.entries(content)
  const isProblem = type === 'application/problem+json'
  return html`<dt><code class="${isProblem ? 'failed' : 'fine'}">${status}</code></dt>
    <dd>
      <p>${rich(description)}</p>
      ${own.length > 0 && html`<p class="soft small">With ${own.map((name, at) => html`${at > 0 && ', '}<code>${name}</code>`)}.</p>`}
      ${!isProblem && schema?.properties && schemaTree(schema)}
      ${!isProblem && example !== undefined && html`<details><summary>Example</summary>${typeof example === 'string' ? copyable(example, 'Example of an answer') : jsonBlock(example, 'Example of an answer')}</details>`}
    </dd>`
}

/** The request as a command, with the examples of its parameters and its body. */
function exampleOf({ path, method, operation }: Route): string {
  const { parameters = [], requestBody, security } = operation
  const shown = parameters.filter(({ example }) => example !== undefined)
  const query = shown.filter((one) => one.in === 'query').map(({ name, example }) => `${name}=${example}`)
  const headers = shown.filter((one) => one.in === 'header').map(({ name, example }) => [name, example])
  return curlOf({
    method: method.toUpperCase(),
    url: `http://localhost:8000${path}${query.length > 0 ? `?${query.join('&')}` : ''}`,
    headers: Object.fromEntries(headers),
    body: requestBody?.content['application/json']?.example,
    signedIn: security !== undefined,
  })
}

/** Descriptions of values complete "… must be …". */
function sentence(words = ''): string {
  return words.charAt(0).toUpperCase() + words.slice(1) + (words.endsWith('.') ? '' : '.')
}
