import { addCopyButton } from '../../pages/browser/copy.ts'

// The page is complete without this: the commands learn where the server is, and get a button.
for (const container of document.querySelectorAll<HTMLElement>('.copyable')) {
  const code = container.querySelector('code')
  if (code) code.textContent = code.textContent.replaceAll('http://localhost:8000', location.origin)
  addCopyButton(container)
}
