/** Text that is HTML already. Only `html` makes it. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = Html | string | number | false | undefined | Value[]

/** HTML in which every value but other HTML is escaped, for text and for quoted attributes. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(strings.map((string, at) => string + written(values[at])).join(''))
}

function written(value: Value): string {
  if (value === undefined || value === false) return ''
  if (Array.isArray(value)) return value.map(written).join('')
  return value instanceof Html ? value.text : Bun.escapeHTML(value)
}
