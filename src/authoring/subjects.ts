import { Type } from '@sinclair/typebox'
import type { Difficulty } from '../question.ts'
import { type Topic, topicIds, topics } from '../topics.ts'
import { checkAsset } from './asset.ts'
import { createBag } from './bag.ts'
import lists from './subjects.yaml'

const List = Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })
const Levels = Type.Object({ basic: List, general: List, advanced: List }, { additionalProperties: false })
const Lists = Type.Object(
  Object.fromEntries(topicIds.map((topic) => [topic, Levels])) as Record<Topic, typeof Levels>,
  { additionalProperties: false },
)

const subjects = checkAsset(Lists, lists, 'subjects.yaml')

/** The subjects of a topic that suit questions of a difficulty. */
export function listSubjects(topic: Topic, difficulty: Difficulty): string[] {
  const { basic, general, advanced } = subjects[topic]
  return [...(difficulty === 'hard' ? [] : basic), ...general, ...(difficulty === 'easy' ? [] : advanced)]
}

export type Subjects = ReturnType<typeof createSubjects>

/**
 * Draws topics, subjects and languages of questions. Each draw comes from a shuffled bag, so that topics and subjects
 * alternate.
 */
export function createSubjects(offered: readonly Topic[]) {
  const topicBags = createBags((_difficulty: Difficulty) => offered)
  const subjectBags = createBags(listSubjects)
  const languageBags = createBags((topic: Topic, _difficulty: Difficulty) => topics[topic].languages)

  return {
    drawTopic: (difficulty: Difficulty): Topic => topicBags(difficulty),
    /** Draws a subject within the topic, and one of the topic's languages. */
    drawSubject: (difficulty: Difficulty, topic: Topic) => ({
      subject: subjectBags(topic, difficulty),
      language: languageBags(topic, difficulty),
    }),
  }
}

/** Draws from one bag for each combination of `keys`, with the items that `list` returns for the keys. */
function createBags<Keys extends string[], Item>(list: (...keys: Keys) => readonly Item[]) {
  const bags = new Map<string, () => Item>()
  return (...keys: Keys): Item => {
    const name = keys.join(' ')
    const draw = bags.get(name) ?? createBag(list(...keys))
    bags.set(name, draw)
    return draw()
  }
}
