import type { Authored } from './authored.ts'
import { hash, type KnownQuestion, type Sketch, sketchAuthored, sketchKnown } from './sketch.ts'

type Known = KnownQuestion & { fingerprint?: string | null }

export type KnownIndex = ReturnType<typeof createKnownIndex>

/**
 * Finds the questions that a new question may repeat, without a visit of each, by hashes of the parts that a question and
 * its repeat have in common. The questions of `bank` are always among the known ones.
 */
export function createKnownIndex(bank: readonly Known[]) {
  /** Most hashes belong to one question: arrays for all would take as much memory as the questions. */
  const byHash = new Map<number, Known | Known[]>()
  let recent: readonly Known[] = []
  for (const question of bank) add(question)

  function add(question: Known) {
    for (const hash of listHashes(question)) {
      const found = byHash.get(hash)
      if (Array.isArray(found)) found.push(question)
      else byHash.set(hash, found ? [found, question] : question)
    }
  }

  function remove(question: Known) {
    for (const hash of listHashes(question)) {
      const others = find(hash).filter((known) => known !== question)
      if (others.length > 0) byHash.set(hash, others)
      else byHash.delete(hash)
    }
  }

  const find = (hash: number) => [byHash.get(hash) ?? []].flat()

  return {
    /** Replaces the recent questions, which are listed newest first; fast if the list continues the one before. */
    update(latest: readonly Known[]) {
      if (latest === recent) return
      const added = countAdded(recent, latest)
      if (added === undefined) {
        byHash.clear()
        for (const question of [...bank, ...latest]) add(question)
      } else {
        for (const question of recent.slice(latest.length - added)) remove(question)
        for (const question of latest.slice(0, added)) add(question)
      }
      recent = latest
    },

    /** Lists the known questions that a new one may repeat. Every one that it repeats is among them. */
    findAlike(authored: Authored, fingerprint: string): Known[] {
      const sketch = sketchAuthored(authored)
      const { beginnings } = sketch
      const hashes = [
        hash(fingerprint),
        ...listParts(sketch),
        ...beginnings.slice(-1),
        ...beginnings.map(toWhole),
      ]
      return [...new Set(hashes.flatMap(find))]
    },
  }
}

/**
 * The number of questions at the beginning of `latest` that come before those of `recent`; `undefined` if others follow than
 * the first ones of `recent`.
 */
function countAdded(recent: readonly Known[], latest: readonly Known[]): number | undefined {
  const [newest] = recent
  const added = newest ? latest.indexOf(newest) : -1
  if (added === -1) return undefined
  // In a callback, this comparison would take a tenth of a millisecond.
  for (let at = added; at < latest.length; at++) if (latest[at] !== recent[at - added]) return undefined
  return added
}

/** The hashes by which a new question finds a known one. */
function listHashes(known: Known): number[] {
  const sketch = sketchKnown(known)
  const { beginnings } = sketch
  const fingerprints = known.fingerprint ? [hash(known.fingerprint)] : []
  // The known question may be the beginning of the new one, and the other way round.
  return [...fingerprints, ...listParts(sketch), ...beginnings, ...beginnings.slice(-1).map(toWhole)]
}

const listParts = ({ key, options, punctuation, hasCode }: Sketch) =>
  hasCode ? [key, options, punctuation] : [key, options]

/** Marks the hash of the longest beginning that was computed of a question. */
const toWhole = (beginning: number) => -1 - beginning
