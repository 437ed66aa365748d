/**
 * Identifies a question: equal for two questions that differ only in case, spacing or closing punctuation. The code is
 * part of it, since "What does this print?" is asked of many pieces of code.
 */
export function toFingerprint(question: string, code: string | null): string {
  const words = question
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\s.?!:]+$/, '')
  // Two pieces of Python may differ in their indentation only.
  const lines = (code ?? '')
    .normalize('NFKC')
    .replace(/[^\S\n]+$/gm, '')
    .replace(/\n+/g, '\n')
    .trim()
  return new Bun.CryptoHasher('sha256').update(`${words}\n${lines}`).digest('hex')
}
