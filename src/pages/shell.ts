import { type Html, html } from './html.ts'

type Shell = {
  title: string
  /** Where the page's files are served: `icon.svg`, `style.css` and `main.js`. */
  folder: string
  /** What the page's own style sheet and script build on. */
  head?: Html
  /** Begins with the header; the content is the element with the id `main`. */
  body: Html
}

/** A whole page around its body. */
export function pageShell({ title, folder, head, body }: Shell): Html {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title}</title>
  <link rel="icon" href="${folder}/icon.svg" type="image/svg+xml">
  ${head}
  <link rel="stylesheet" href="${folder}/style.css">
  <script type="module" src="${folder}/main.js"></script>
</head>
<body>
  <a class="skip" href="#main">Skip to the content</a>
  ${body}
</body>
</html>`
}
