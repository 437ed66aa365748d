import { h } from './dom.ts'

const units = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

/** Describes how long ago a time was: "2 hours ago". */
export function describeAge(time: number, now: number): string {
  const seconds = (now - time) / 1000
  const [unit, length] = units.find(([, length]) => seconds >= length) ?? []
  return unit ? words.format(-Math.floor(seconds / length), unit) : 'just now'
}

/** Describes when a time within the coming days is: "at 14:05", "tomorrow at 14:05". */
export function describeMoment(time: number, now: number): string {
  const date = new Date(time)
  const clock = date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
  const midnight = (of: Date) => new Date(of.getFullYear(), of.getMonth(), of.getDate()).getTime()
  const days = Math.round((midnight(date) - midnight(new Date(now))) / 86_400_000)
  if (days <= 0) return `at ${clock}`
  return days === 1
    ? `tomorrow at ${clock}`
    : `on ${date.toLocaleDateString(undefined, { day: 'numeric', month: 'long' })} at ${clock}`
}

/** Renders how long ago a time was. The tooltip is the time itself. */
export function renderAge(iso: string): HTMLElement {
  const time = new Date(iso)
  const title = time.toLocaleString(undefined, { dateStyle: 'long', timeStyle: 'short' })
  const shown = describeAge(time.getTime(), Date.now())
  return h('time', { datetime: iso, title, 'data-age': true }, shown)
}

/** Corrects all rendered ages every minute, until the signal aborts. */
export function keepAgesRight(signal: AbortSignal) {
  const timer = setInterval(() => {
    for (const time of document.querySelectorAll<HTMLTimeElement>('time[data-age]'))
      time.textContent = describeAge(Date.parse(time.dateTime), Date.now())
  }, 60_000)
  signal.addEventListener('abort', () => clearInterval(timer))
}
