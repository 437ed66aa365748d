/** Swagger UI's bundle (https://swagger.io/docs/open-source-tools/swagger-ui/usage/configuration/). */
declare const SwaggerUIBundle: (options: object) => unknown

const page = document.documentElement
const dark = matchMedia('(prefers-color-scheme: dark)')
const followScheme = () => page.classList.toggle('dark-mode', dark.matches)
dark.addEventListener('change', followScheme)
followScheme()

/** Accessible names for controls that have none in Swagger UI, by selector. */
const names = {
  '.close-modal': 'Close',
  '#servers': 'Server',
  '.body-param__text': 'Request body',
  '.examples-select-element': 'Example',
  '.json-schema-2020-12-accordion:has(> :first-child:empty)': 'Fields',
}

function completeControls() {
  for (const [selector, name] of Object.entries(names)) {
    for (const control of document.querySelectorAll(`${selector}:not([aria-label])`)) {
      control.setAttribute('aria-label', name)
    }
  }
  for (const row of document.querySelectorAll<HTMLElement>('[data-param-name]')) {
    row.querySelector('select')?.setAttribute('aria-label', row.dataset.paramName ?? '')
  }
  // The name of a button must contain the text that it shows.
  for (const button of document.querySelectorAll('.modal-btn[aria-label]'))
    button.removeAttribute('aria-label')
  // A region that scrolls must be reachable by keyboard.
  for (const code of document.querySelectorAll('pre.microlight')) code.setAttribute('tabindex', '0')
}

/** Scrolls to the target of the URL again, because the table of problems moves when Swagger UI renders the document. */
let showTarget = () => {
  if (!document.querySelector('.opblock')) return
  showTarget = () => undefined
  document.getElementById(location.hash.slice(1))?.scrollIntoView()
}

const observer = new MutationObserver(() => {
  completeControls()
  showTarget()
})
observer.observe(document.body, { childList: true, subtree: true })

SwaggerUIBundle({
  url: '/openapi/json',
  dom_id: '#main',
  tryItOutEnabled: true,
  // By default Swagger UI sends the document's address to a validator on the internet.
  validatorUrl: null,
  syntaxHighlight: { theme: 'tomorrow-night' },
})
