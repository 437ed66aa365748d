import { randomInt } from 'node:crypto'
import { type Topic, topics } from '../topics.ts'

/** Draws a subject within the topic, and one of the topic's languages. */
export function drawSubject(topic: Topic): { subject: string; language: string } {
  const { languages } = topics[topic]
  return { subject: 'any idea of it', language: languages[randomInt(languages.length)] as string }
}
