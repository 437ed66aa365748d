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
  let listed: readonly Known[] = []
  let recent: ReadonlySet<Known> = new Set()
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
    /** Replaces the recent questions. Changes only the entries of questions that came or went. */
    update(latest: readonly Known[]) {
      if (latest === listed) return
      listed = latest
      const next = new Set(latest)
      for (const question of recent) if (!next.has(question)) remove(question)
      for (const question of latest) if (!recent.has(question)) add(question)
      recent = next
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
