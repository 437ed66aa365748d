/** The form of an option in which two options are equal if a programmer would call them the same. */
export function toComparable(option: string): string {
  return option
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{Cf}]+/gu, '')
}
