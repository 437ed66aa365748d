import { byId, h } from '../dom.ts'
import type { Quota } from './api.ts'

/** The minimum pause between requests, in milliseconds, in case the local clock is ahead of the server's. */
const minPauseMs = 3000

/** Shows the credits left and a countdown to the next reset. Calls `onReset` when the countdown ends. */
export function createQuotaDisplay(onReset: () => void) {
  const container = byId('quota', HTMLElement)
  const countdown = h('time', { class: 'countdown' })
  let resetAt = Number.POSITIVE_INFINITY
  let askAt = resetAt

  setInterval(() => {
    const left = resetAt - Date.now()
    countdown.textContent = left > 0 ? formatDuration(left) : 'now'
    if (Date.now() < askAt) return
    askAt = Number.POSITIVE_INFINITY
    onReset()
  }, 1000)

  return {
    show({ quota_remaining: left, quota_limit: limit, next_reset_date: nextReset }: Quota) {
      resetAt = Date.parse(nextReset)
      askAt = Math.max(resetAt, Date.now() + minPauseMs)
      countdown.dateTime = nextReset
      countdown.title = new Date(nextReset).toLocaleString()
      countdown.textContent = formatDuration(Math.max(0, resetAt - Date.now()))
      container.replaceChildren(
        h('p', {}, h('strong', {}, String(left)), ` of ${limit} credits left`),
        h('meter', {
          min: '0',
          max: String(Math.max(limit, 1)),
          value: String(left),
          'aria-label': 'Credits left',
        }),
        h('p', { class: 'small soft' }, 'Next reset in ', countdown),
      )
    },
    showError: (error: HTMLElement) => container.replaceChildren(error),
  }
}

function formatDuration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000)
  const pad = (number: number) => String(Math.floor(number)).padStart(2, '0')
  return `${Math.floor(seconds / 3600)}:${pad((seconds / 60) % 60)}:${pad(seconds % 60)}`
}
