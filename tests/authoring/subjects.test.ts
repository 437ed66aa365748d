import { describe, expect, test } from 'bun:test'
import { createBag } from '../../src/authoring/bag.ts'
import { createSubjects, listSubjects } from '../../src/authoring/subjects.ts'
import { difficulties } from '../../src/question.ts'
import { type Topic, topicIds, topics } from '../../src/topics.ts'

const times = <T>(count: number, draw: () => T) => Array.from({ length: count }, draw)

describe('a bag', () => {
  test('draws each item once in each round, and no item twice in a row', () => {
    const items = ['a', 'b', 'c']
    const draw = createBag(items)

    const drawn = times(3000, draw)

    for (let round = 0; round < 1000; round++)
      expect(drawn.slice(3 * round, 3 * round + 3).toSorted()).toEqual(items)
    expect(drawn.filter((item, at) => item === drawn[at - 1])).toEqual([])
  })

  test('draws in a random order', () => {
    const orders = new Set(times(200, () => times(3, createBag([1, 2, 3])).join('')))
    expect(orders.size).toBe(6)
  })

  test('with one item draws it each time', () => {
    expect(times(3, createBag(['only']))).toEqual(['only', 'only', 'only'])
  })
})

describe('subjects', () => {
  test.each(topicIds)('%s has at least eight subjects for each difficulty, each once', (topic) => {
    for (const difficulty of difficulties) {
      const listed = listSubjects(topic, difficulty)
      expect(listed.length).toBeGreaterThanOrEqual(8)
      expect(new Set(listed).size).toBe(listed.length)
    }
    expect(listSubjects(topic, 'easy')).not.toEqual(listSubjects(topic, 'hard'))
  })

  test('each difficulty of each topic has its own bags', () => {
    const { drawSubject, drawTopic } = createSubjects(['css', 'complexity'])
    for (const difficulty of difficulties) {
      for (const topic of ['css', 'complexity'] as const) {
        const expected = listSubjects(topic, difficulty)
        const drawn = times(expected.length, () => drawSubject(difficulty, topic))
        expect(drawn.map(({ subject }) => subject).toSorted()).toEqual(expected.toSorted())
        expect(new Set<string>(drawn.map(({ language }) => language))).toEqual(
          new Set<string>(topics[topic].languages),
        )
      }
      expect(times(2, () => drawTopic(difficulty)).toSorted()).toEqual(['complexity', 'css'])
    }
  })

  test('topics are those that are offered, each as often as the others', () => {
    const offered: Topic[] = ['git', 'sql', 'http', 'html']
    const { drawTopic } = createSubjects(offered)
    const drawn = times(40, () => drawTopic('medium'))
    expect(offered.map((topic) => drawn.filter((each) => each === topic).length)).toEqual([10, 10, 10, 10])
  })
})
