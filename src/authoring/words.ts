import { splitCode } from './spans.ts'

/** Words that most questions have. They say nothing about the subject. */
const common = new Set(
  `a an the this that these those it its is are was were be been being do does did done of in on at to for from by with
  and or as if then than so into over per there here which what who whose when where how why will would can could should
  may must shall has have had each every any some all also both only just exactly one two three following given below above
  shown code snippet program script example piece block fragment line statement expression happen happens you your i we
  correct right true best describe statement about called use used using uses get gets make made need needs let think
  take takes run runs running executed execute executes tightest bound asymptotic complexity big o grow grows cost
  number many much value result case javascript typescript python java sql bash rust php ruby language`.split(
    /\s+/,
  ),
)

/** What a question asks for. Questions about two different things differ, whatever their other words are. */
const aspects: Record<string, string> = {
  ...group(
    'output',
    'print log output display show return evaluate result value give yield echo write stdout console',
  ),
  ...group('cost', 'time complexity runtime running fast slow tightest bound cost grow'),
  ...group('space', 'space memory stack'),
  ...group('error', 'error exception throw raise fail crash panic bug wrong fix'),
}

/**
 * Words of one group exclude each other, unless they are synonyms: "worst case" and "average case" of one algorithm are two
 * questions.
 */
const contrasts: Record<string, string> = {
  ...group('case', 'worst', 'average', 'best', 'amortised amortized'),
  ...group(
    'extreme',
    'min minimum smallest least fewest lowest shortest',
    'max maximum largest most highest longest greatest',
  ),
  ...group('end', 'first initial start front head beginning', 'second', 'third', 'last final end back tail'),
  ...group('time', 'before', 'after'),
  ...group('order', 'ascending asc', 'descending desc'),
  ...group('direction', 'forward next', 'backward previous'),
  ...group('walk', 'in-order inorder', 'pre-order preorder', 'post-order postorder', 'level-order'),
  ...group('resource', 'time', 'space memory'),
  ...group('join', 'left', 'right', 'inner', 'outer full', 'cross', 'natural'),
  ...group(
    'step',
    'increment',
    'decrement',
    'add insert push append enqueue',
    'remove delete pop dequeue',
    'shift',
    'unshift prepend',
  ),
  ...group('truth', 'true truthy', 'false falsy'),
  ...group('parity', 'even', 'odd'),
  ...group('sign', 'positive', 'negative'),
  ...group('state', 'sorted', 'unsorted'),
  ...group('change', 'mutable', 'immutable'),
  ...group('size', 'more larger greater higher', 'less fewer smaller lower'),
  ...group('speed', 'faster', 'slower'),
}

const negation =
  /^(?:not|no|never|without|except|nothing|none|neither|nor|cannot|\p{L}+n't|isnt|doesnt|dont|cant|wont)$/u

/** The words of a question, as far as two questions are compared by them. */
export type Words = {
  content: ReadonlySet<string>
  aspects: ReadonlySet<string>
  contrasts: ReadonlySet<string>
  isNegated: boolean
  /** What stands in backticks. */
  code: ReadonlySet<string>
}

/** Two forms of one word become equal, in most cases. */
function toStem(word: string): string {
  if (word.length < 5)
    return word.length === 4 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word
  return word
    .replace(/(?:ies|ied)$/, 'y')
    .replace(/(?:(?<=[^aeiou]{2})e[sd]|ing|ed|(?<!s)s)$/, '')
    .replace(/(?<=..)e$/, '')
}

const stems = (words: Iterable<string>) => new Set([...words].map(toStem))
const commonStems = stems(common)
const aspectStems = toStemmed(aspects)
const contrastStems = toStemmed(contrasts)

export function toWords(question: string): Words {
  const content = new Set<string>()
  const found = { aspects: new Set<string>(), contrasts: new Set<string>() }
  let isNegated = false
  for (const word of question.toLowerCase().match(/\p{L}+-order\b|[\p{L}\p{N}_]+(?:['’]t\b)?/gu) ?? []) {
    const stem = toStem(word)
    const aspect = aspectStems.get(stem)
    const contrast = contrastStems.get(stem)
    if (aspect !== undefined) found.aspects.add(aspect)
    if (contrast !== undefined) found.contrasts.add(contrast)
    if (negation.test(word.replace('’', "'"))) isNegated = !isNegated
    else if (aspect === undefined && !commonStems.has(stem)) content.add(stem)
  }
  const code = new Set(splitCode(question).code.map((span) => span.replace(/\s+/g, '')))
  return { content, ...found, isNegated, code }
}

/** Whether the words show that the questions ask for two different things. */
export function areOpposed(a: Words, b: Words): boolean {
  if (a.isNegated !== b.isNegated) return true
  if (a.aspects.size > 0 && b.aspects.size > 0 && a.aspects.isDisjointFrom(b.aspects)) return true
  const onlyA = groupsOf(a.contrasts.difference(b.contrasts))
  return !onlyA.isDisjointFrom(groupsOf(b.contrasts.difference(a.contrasts)))
}

/** Whether the questions name two different things in backticks. */
export function nameDifferentCode(a: Words, b: Words): boolean {
  return a.code.difference(b.code).size > 0 && b.code.difference(a.code).size > 0
}

const groupsOf = (words: ReadonlySet<string>) => new Set([...words].map((word) => word.split(' ')[0]))

/** The words with their group and their place in it. */
function group(name: string, ...synonyms: string[]): Record<string, string> {
  return Object.fromEntries(
    synonyms.flatMap((words, place) => words.split(' ').map((word) => [word, `${name} ${place}`])),
  )
}

function toStemmed(words: Record<string, string>): Map<string, string> {
  return new Map(Object.entries(words).map(([word, name]) => [toStem(word), name]))
}
