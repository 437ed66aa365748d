import { type Html, html } from './html.ts'

type Shell = {
  title: string
  /** Where its files are served: `style.css` of all pages, `main.ts`, and the sheet of its own. */
  folder: string
  style: string
  /** From the header on. What a person came for is the element `main`. */
  body: Html
}

/** A whole page around its body. */
export function pageShell({ title, folder, style, body }: Shell): Html {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title}</title>
  <link rel="icon" href="${folder}/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="${folder}/style.css">
  <link rel="stylesheet" href="${folder}/${style}">
  <script type="module" src="${folder}/main.ts"></script>
</head>
<body>
  <a class="skip" href="#main">Skip to the content</a>
  ${body}
</body>
</html>`
}
