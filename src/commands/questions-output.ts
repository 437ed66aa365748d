import { once } from 'node:events'

/** Writes to standard output, and waits while its reader is slow: an export of any length needs little memory. */
export async function writeOut(text: string) {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}
