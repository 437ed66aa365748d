/**
 * The topics of questions, in the order in which clients list them. `languages`: the languages of a topic's code, as
 * info strings of Markdown fences name them; a question uses one of them.
 */
export const topics = {
  javascript: { name: 'JavaScript', languages: ['javascript'] },
  typescript: { name: 'TypeScript', languages: ['typescript'] },
  python: { name: 'Python', languages: ['python'] },
  java: { name: 'Java', languages: ['java'] },
  go: { name: 'Go', languages: ['go'] },
  rust: { name: 'Rust', languages: ['rust'] },
  csharp: { name: 'C#', languages: ['csharp'] },
  cpp: { name: 'C++', languages: ['cpp'] },
  kotlin: { name: 'Kotlin', languages: ['kotlin'] },
  swift: { name: 'Swift', languages: ['swift'] },
  ruby: { name: 'Ruby', languages: ['ruby'] },
  php: { name: 'PHP', languages: ['php'] },
  bash: { name: 'Bash', languages: ['bash'] },
  sql: { name: 'SQL', languages: ['sql'] },
  git: { name: 'Git', languages: ['bash'] },
  http: { name: 'HTTP', languages: ['http'] },
  html: { name: 'HTML', languages: ['html'] },
  css: { name: 'CSS', languages: ['css'] },
  'data-structures': { name: 'Data structures', languages: ['javascript', 'python', 'java', 'go'] },
  complexity: { name: 'Complexity', languages: ['javascript', 'python', 'java', 'go'] },
} as const satisfies Record<string, { name: string; languages: readonly [string, ...string[]] }>

export type Topic = keyof typeof topics

export const topicIds = Object.keys(topics) as Topic[]

/**
 * Whether a request for the topic `asked` may get a question of `topic`. A request without a topic may get one of the
 * `offered` topics, or of none (`null` or `''`).
 */
export function isServed(
  topic: string | null,
  asked: Topic | undefined,
  offered: readonly string[],
): boolean {
  return asked === undefined ? !topic || offered.includes(topic) : topic === asked
}

/** Describes the topics that users may ask for. Completes the sentence "topic must be …". */
export function describeTopics(offered: readonly Topic[]): string {
  return offered.length > 0 ? `one of: ${offered.join(', ')}` : 'left out: this server offers no topic'
}
