import axe, { type RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'

type Violation = { id: string; impact?: string | null | undefined; nodes: { html: string }[] }

/** The rules that look at colours. The other rules find the same in each colour scheme. */
export const colourRules = ['color-contrast', 'link-in-text-block']

/** The accessibility violations of a page by all rules, or by some (https://dequeuniversity.com/rules/axe/). */
export async function findFaults(
  page: Page,
  counts: (violation: Violation) => boolean = () => true,
  rules?: string[],
): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  const options: RunOptions = { resultTypes: ['violations'], ...(rules && { runOnly: rules }) }
  const { violations } = await page.evaluate(
    (options) => (window as unknown as { axe: typeof axe }).axe.run(document, options),
    options,
  )
  return violations
    .filter(counts)
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
}

export const isSerious = ({ impact }: Violation) => impact === 'serious' || impact === 'critical'
