/**
 * The schemes of extensions (Chrome and Edge, Firefox, Safari) and of native shells (Capacitor, Ionic, Tauri). Their
 * pages send such an origin, and Clerk makes it the authorised party of their sessions.
 */
const appOrigin = /^(chrome-extension|moz-extension|safari-web-extension|capacitor|ionic|tauri):\/\/[\w.-]+$/

/** Whether a browser sends this text as the `Origin` of a page. */
export function isOrigin(text: string): boolean {
  if (appOrigin.test(text)) return true
  return /^https?:\/\/[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text
}

/** Adds the origin on `127.0.0.1` for each origin on `localhost`: development servers print either address. */
export function addLoopbackAddresses(origins: string[]): string[] {
  const addresses = origins.map((origin) => origin.replace('//localhost:', '//127.0.0.1:'))
  return [...new Set([...origins, ...addresses])]
}
