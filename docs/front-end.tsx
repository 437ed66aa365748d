import { type Treaty, treaty } from '@elysiajs/eden'
import { useEffect, useRef, useState } from 'react'
import { createRoot } from 'react-dom/client'
import Markdown from 'react-markdown'
import type { App } from './api.d.ts'

const server = 'http://localhost:8000'
// The sign-in of a development server. With Clerk, `headers` is a function that calls `getToken()` for each request.
const user = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"user_id":"user_dev"}',
}
const { token } = await (await fetch(`${server}/playground/token`, user)).json()
const { api } = treaty<App>(server, { headers: { authorization: `Bearer ${token}` }, parseDate: false })

type Page = Treaty.Data<(typeof api)['my-history']['get']>
type Challenge = Omit<Page['challenges'][number], 'date_created' | 'created_by' | 'retired'>
type Problem = { detail?: string; code?: string; next_reset_date?: string }
const topics = (await api.topics.get()).data?.topics ?? []
const quota = (await api.quota.get()).data
const { timeZone } = Intl.DateTimeFormat().resolvedOptions()

/** A sentence for the user. When the server did not answer, Eden gives no `response`. */
function explain({ detail = '', code, next_reset_date: reset }: Problem, response?: Response): string {
  if (!response) return 'No answer came. The same request again gets the same challenge.'
  if (code === 'quota_exhausted' && reset) return `New credits come at ${new Date(reset).toLocaleString()}.`
  const seconds = response.headers.get('retry-after')
  return seconds ? `${detail} Try again in ${seconds} seconds.` : detail
}

function Screen() {
  const [topic, setTopic] = useState<(typeof topics)[number]>()
  const [running, setRunning] = useState<AbortController>()
  const [challenge, setChallenge] = useState<Challenge>()
  const [page, setPage] = useState<Page>({ challenges: [], next_cursor: null })
  const [progress, setProgress] = useState<Treaty.Data<typeof api.progress.get>>()
  const [credits, setCredits] = useState(`${quota?.quota_remaining}`)
  const [notice, setNotice] = useState('')
  const keys = useRef<Record<string, string>>({})

  async function generate(difficulty: Challenge['difficulty']) {
    const wish = { difficulty, ...(topic && { topic: topic.id }) }
    const [name, cancel] = [JSON.stringify(wish), new AbortController()]
    keys.current[name] ??= crypto.randomUUID()
    setRunning(cancel)
    const options = { headers: { 'idempotency-key': keys.current[name] }, fetch: { signal: cancel.signal } }
    const { data, error, response } = await api['generate-challenge'].post(wish, options)
    setRunning(undefined)
    setNotice(error ? explain(error.value, response) : '')
    setCredits((old) => /r=(\d+)/.exec(response?.headers.get('ratelimit') ?? '')?.[1] ?? old)
    // After a lost answer the key stays in use: the server may have handed over the challenge.
    if (data || error.status < 500) delete keys.current[name]
    if (data) setChallenge(data)
  }
  async function choose(asked: Challenge, id: number) {
    const { data, error, response } = await api.challenges({ id: asked.id }).answer.post({ answer_id: id })
    if (data) return setChallenge({ ...asked, ...data, answer: data })
    setNotice(explain(error.value, response))
    setChallenge((await api.challenges({ id: asked.id }).get()).data ?? asked)
  }
  async function turnPage(cursor?: string) {
    const { data } = await api['my-history'].get({ query: cursor ? { cursor } : {} })
    if (data) setPage({ ...data, challenges: [...(cursor ? page.challenges : []), ...data.challenges] })
  }
  // A challenge and its answer change the history and the progress.
  useEffect(() => {
    void turnPage()
    api.progress.get({ query: { timezone: timeZone } }).then(({ data }) => setProgress(data ?? undefined))
  }, [challenge])
  const button = (text: string, press: () => void, off = false) => (
    <button key={text} type="button" onClick={press} disabled={off}>
      {text}
    </button>
  )
  const { title, options, correct_answer_id: key, answer, explanation, option_notes: notes } = challenge ?? {}
  return (
    <main>
      <p>{`Credits left: ${credits}. Right answers: ${progress?.correct} of ${progress?.answered}.`}</p>
      <select aria-label="Topic" onChange={({ target }) => setTopic(topics[target.selectedIndex - 1])}>
        {['Any topic', ...topics.map(({ name }) => name)].map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      {(['easy', 'medium', 'hard'] as const).map((level) => button(level, () => generate(level), !!running))}
      {running && button('Cancel', () => running.abort())}
      <p role="alert">{notice}</p>
      <Markdown>{title}</Markdown>
      {challenge && options?.map((text, id) => button(text, () => choose(challenge, id), !!answer))}
      {answer && <p>{answer.correct ? 'Right.' : `Wrong: the answer is ${options?.[key ?? -1]}`}</p>}
      {answer &&
        [explanation, ...(notes ?? [])].map((text) => text && <Markdown key={text}>{text}</Markdown>)}
      <h2>History</h2>
      {page.challenges.map((item) => button(`${item.topic ?? 'old'} ${item.id}`, () => setChallenge(item)))}
      {page.next_cursor && button('Older', () => turnPage(page.next_cursor ?? undefined))}
    </main>
  )
}
createRoot(document.body.appendChild(document.createElement('div'))).render(<Screen />)
