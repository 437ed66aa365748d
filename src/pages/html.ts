/** Marks text as HTML, which `html` does not escape. Only `html` creates instances. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = Html | string | number | false | undefined | Value[]

/** A template tag that escapes every value except `Html`, for text and for quoted attributes. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(strings.map((string, at) => string + escapeValue(values[at])).join(''))
}

function escapeValue(value: Value): string {
  if (value === undefined || value === false) return ''
  if (Array.isArray(value)) return value.map(escapeValue).join('')
  return value instanceof Html ? value.text : Bun.escapeHTML(value)
}
