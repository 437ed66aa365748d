import hljs from 'highlight.js/lib/core'
import bash from 'highlight.js/lib/languages/bash'
import cpp from 'highlight.js/lib/languages/cpp'
import csharp from 'highlight.js/lib/languages/csharp'
import css from 'highlight.js/lib/languages/css'
import go from 'highlight.js/lib/languages/go'
import http from 'highlight.js/lib/languages/http'
import java from 'highlight.js/lib/languages/java'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import kotlin from 'highlight.js/lib/languages/kotlin'
import php from 'highlight.js/lib/languages/php'
import python from 'highlight.js/lib/languages/python'
import ruby from 'highlight.js/lib/languages/ruby'
import rust from 'highlight.js/lib/languages/rust'
import sql from 'highlight.js/lib/languages/sql'
import swift from 'highlight.js/lib/languages/swift'
import typescript from 'highlight.js/lib/languages/typescript'
import html from 'highlight.js/lib/languages/xml'
import { h } from './dom.ts'

const languages = {
  ...{ bash, cpp, csharp, css, go, html, http, java, javascript, json, kotlin, php, python, ruby, rust },
  ...{ sql, swift, typescript },
}
for (const [name, grammar] of Object.entries(languages)) hljs.registerLanguage(name, grammar)
// The grammars of other languages embed HTML under this name.
hljs.registerLanguage('xml', html)

/** Highlights code of a known language; other code stays one text. */
export function highlight(code: string, language: string): Node[] {
  if (!hljs.getLanguage(language)) return [new Text(code)]
  const { value } = hljs.highlight(code, { language, ignoreIllegals: true })
  const parsed = [...new DOMParser().parseFromString(value, 'text/html').body.childNodes].map(rebuild)
  // The code is shown exactly as it is, even if the highlighter or the parser changed it.
  return parsed.map(({ textContent }) => textContent).join('') === code ? parsed : [new Text(code)]
}

/** Copies spans with their class, and texts. Other elements become texts: code cannot add elements to the page. */
function rebuild(node: Node): Node {
  if (!(node instanceof HTMLSpanElement)) return new Text(node.textContent ?? '')
  return h('span', { class: node.className }, ...[...node.childNodes].map(rebuild))
}
