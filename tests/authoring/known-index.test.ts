import { expect, test } from 'bun:test'
import type { Authored } from '../../src/authoring/authored.ts'
import { readBank } from '../../src/authoring/bank.ts'
import { createKnownIndex } from '../../src/authoring/known-index.ts'
import { isNearRepeat } from '../../src/authoring/likeness.ts'
import { toDistractors } from '../support/drafts.ts'
import { toKnown } from '../support/likeness.ts'
import { seeded } from '../support/seeded.ts'

const bank = (await readBank()).map(({ code = null, ...entry }) => ({ ...entry, code, prints: false }))

/** Options that no question has. */
const others = { answer: 'one', distractors: toDistractors(['two', 'three', 'four']) }

/** Changes after which some questions are repeats of the ones before, for one reason each, and others are not. */
const changes: ((authored: Authored) => Authored)[] = [
  (authored) => ({ ...authored }),
  ({ question, ...rest }) => ({ ...rest, question: `Say, ${question}`, distractors: others.distractors }),
  ({ question, code, ...rest }) => ({ ...rest, ...others, question, code: code && `${code}\nprint(1)` }),
  ({ question, code, ...rest }) => ({ ...rest, ...others, question, code: code?.slice(0, -15) || null }),
  (authored) => ({ ...authored, ...others, code: authored.code?.replaceAll(/\d+/g, '7') ?? null }),
  ({ answer, distractors: [first, ...rest], ...authored }) => ({
    ...authored,
    question: `Say, ${authored.question}`,
    answer: first?.text ?? '',
    distractors: [{ text: answer, misconception: null }, ...rest],
  }),
  (authored) => ({ ...authored, question: 'What happens here?', code: null }),
]

test('the index of known questions finds all that a new one repeats, whatever came and went before', () => {
  const random = seeded(22)
  const stored = bank.map((authored, n) => ({ ...toKnown(authored), authored, fingerprint: `f${n}` }))
  const lasting = stored.slice(0, 20)
  const index = createKnownIndex(lasting)
  const verdicts = { repeats: 0, others: 0 }
  let recent: typeof stored = []
  for (let n = 0; n < 400; n++) {
    const before = recent
    recent = change(before)
    index.update(recent)
    const known = [...lasting, ...recent]
    const gone = [...before.filter((question) => !recent.includes(question)), ...lasting].slice(0, 5)
    const original = random.pick(random.pick([known, gone, stored]))
    const fingerprint = random.chance(0.2) ? original.fingerprint : 'new'
    const authored = random.pick(changes)(original.authored)
    const alike = index.findAlike(authored, fingerprint)
    const repeats = isNearRepeat(authored, known)
    expect(isNearRepeat(authored, alike)).toBe(repeats)
    const isStored = (question: { fingerprint?: string | null }) => question.fingerprint === fingerprint
    expect(alike.some(isStored)).toBe(known.some(isStored))
    expect(new Set(alike).isSubsetOf(new Set(known))).toBeTrue()
    verdicts[repeats ? 'repeats' : 'others']++
  }
  expect(verdicts.repeats).toBeGreaterThan(50)
  expect(verdicts.others).toBeGreaterThan(50)

  /** New questions at the beginning, old ones gone at the end, and at times one deleted or read anew. */
  function change(before: typeof stored): typeof stored {
    const fresh = Array.from({ length: random.whole(0, 3) }, () => random.pick(stored.slice(20)))
    const after = [...new Set([...fresh, ...before])].slice(0, 60)
    const place = random.whole(0, after.length - 1)
    const old = after[place]
    if (old && random.chance(0.2)) return after.with(place, { ...old })
    return random.chance(0.1) ? after.toSpliced(place, 1) : after
  }
})
