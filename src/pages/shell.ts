import { type Html, html } from './html.ts'

type Shell = {
  title: string
  /** The path of the page's files: `icon.svg`, `style.css` and `main.js`. */
  folder: string
  /** Elements that must precede the page's own style sheet and script. */
  head?: Html
  /** Contains an element with the id `main`, to which the skip link leads. */
  body: Html
}

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
