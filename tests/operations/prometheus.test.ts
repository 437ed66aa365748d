import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import dashboard from '../../deploy/dashboard.json'
import { until } from '../support/async.ts'
import { portOf } from '../support/client.ts'
import { type Model, startModel } from '../support/model.ts'
import { deployFile, skipsPrometheus, startPrometheus } from '../support/prometheus.ts'
import { type Server, startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

type Panel = { title: string; targets?: { expr: string }[] }

/** The expressions of the dashboard, with the values that Grafana fills in. */
const expressions = (dashboard.panels as Panel[]).flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }): [title: string, expression: string] => [
    title,
    expr
      .replaceAll('$job', 'coding-challenges')
      .replaceAll('$instance', '.*')
      .replaceAll('$__rate_interval', '1m'),
  ]),
)

/** The series that an expression selects: names of metrics with their labels. */
function selectorsOf(expression: string): string[] {
  const bare = expression.replace(/\b(?:by|on) \([^)]*\)/g, '').replace(/\[[^\]]*\]/g, '')
  return [...bare.matchAll(/\b[a-z]\w+\b(?:\{[^}]*\}|(?!\s*\())/g)]
    .map(([selector]) => selector)
    .filter((selector) => selector !== 'and')
}

/** Requests of every kind that the dashboard shows. */
async function use(server: Server, model: Model) {
  const { body } = await server.generate('user_1')
  await server.answer('user_1', body.id, body.correct_answer_id)
  await server.report('user_1', body.id, { reason: 'unclear' })
  await server.quota('user_1')
  await server.deliver('user.created', 'user_2')
  model.author = () => new Response('no', { status: 500 })
  expect((await server.generate('user_1')).body.source).toBe('bank')
}

describe.skipIf(skipsPrometheus)('a Prometheus that scrapes the server', () => {
  const stack = new AsyncDisposableStack()
  let prometheus: Awaited<ReturnType<typeof startPrometheus>>
  beforeAll(async () => {
    const model = stack.use(startModel())
    const server = stack.use(await startServer({ model }))
    await use(server, model)
    prometheus = stack.use(await startPrometheus(portOf(server)))
    await prometheus.scraped()
  })
  afterAll(() => stack.disposeAsync())

  test('answers every query of the dashboard', async () => {
    expect(expressions.length).toBeGreaterThan(25)
    for (const [title, expression] of expressions) {
      // A filter at the end of an expression hides the series that are 0.
      const unfiltered = expression.replace(/ >=? 0$/, '')
      await prometheus.query(expression)
      expect([title, unfiltered, (await prometheus.query(unfiltered)).length > 0]).toEqual([
        title,
        unfiltered,
        true,
      ])
    }
  })

  test('evaluates every alert, on series that the server has', async () => {
    const evaluated = async () => {
      const rules = await prometheus.rules()
      return rules.every(({ health }) => health !== 'unknown') && rules
    }
    const rules = await until(evaluated, 'the rules are evaluated')

    expect(rules.length).toBeGreaterThan(10)
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([])
    const selectors = rules.flatMap(({ query }) => selectorsOf(query))
    expect(selectors).toContain('webhooks_total{outcome="failed"}')
    expect(selectors).toContain('model_notice')
    for (const selector of selectors)
      expect([selector, (await prometheus.query(`count(${selector})`)).length]).toEqual([selector, 1])
  })
})

describe.skipIf(skipsPrometheus)('promtool', () => {
  test('finds that each alert fires when it should, and only then', async () => {
    const files = ['alerts.test.yml', 'alerts-of-days.test.yml'].map(deployFile)
    const run = Bun.spawn(['promtool', 'test', 'rules', ...files], { stdout: 'pipe', stderr: 'pipe' })
    const said = (await new Response(run.stdout).text()) + (await new Response(run.stderr).text())

    expect([await run.exited, said]).toEqual([0, expect.stringContaining('SUCCESS')])
    const tested = (await Promise.all(files.map((file) => Bun.file(file).text()))).join('\n')
    const alerts = [...(await Bun.file(deployFile('alerts.yml')).text()).matchAll(/alert: (\w+)/g)]
    // Each alert has a case in which it fires.
    const firing = (name = '') => new RegExp(`alertname: ${name}\\n +exp_alerts:\\n`).test(tested)
    expect(alerts.map(([, name]) => name).filter((name) => !firing(name))).toEqual([])
  })
})
