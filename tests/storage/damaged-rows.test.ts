import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { damages, listIds, readDamageMetric, setAssignment, setQuestion } from '../support/damage.ts'
import { useEngines } from '../support/engines.ts'
import { startModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

describe.each(useEngines())('with damaged rows in %s', (_, start) => {
  test('the history is served without them, its pages are exact, and they are logged and counted', async () => {
    await using model = startModel()
    await using it = await start({ model })
    const { server } = it
    const ids: number[] = []
    for (let n = 0; n < damages.length + 3; n++) ids.push((await server.generate('user_1')).body.id)
    const sound = [0, 6, damages.length + 2].map((n) => ids[n] ?? 0)
    const damaged = ids.filter((id) => !sound.includes(id))
    expect(await readDamageMetric(it)).toEqual({ questions: 0, challenges: 0, assignments: 0 })
    for (const id of [sound[0], damaged[0]]) await server.answer('user_1', id ?? 0, 1)

    await it.damage(...damages.map(([, toSql], n) => toSql(damaged[n] ?? 0)))

    expect(await listIds(it, 'user_1')).toEqual(sound.toReversed())
    expect((await server.history('user_1')).body).toMatchObject({
      challenges: sound.toReversed().map((id) => ({ id })),
      next_cursor: null,
    })
    for (const id of damaged) {
      const read = await server.as('user_1', `/api/challenges/${id}`)
      const reported = await server.report('user_1', id, { reason: 'broken' })
      const statuses = [read.status, (await server.answer('user_1', id, 1)).status, reported.status]
      expect([id, ...statuses]).toEqual([id, 404, 404, 404])
    }
    expect(await it.query('SELECT id FROM assignments WHERE answer_id = 1 ORDER BY id')).toHaveLength(2)
    const progress = await server.progress('user_1')
    expect(progress.status).toBe(200)
    expect(progress.body.answered).toBe(2)
    expect((await server.generate('user_1')).status).toBe(200)

    const lines = server.lines.filter(({ msg }) => msg.includes('damaged row'))
    expect(
      lines
        .filter(({ table }) => table === 'challenges')
        .map(({ id }) => Number(id))
        .sort((a, b) => a - b),
    ).toEqual(damaged)
    expect(JSON.stringify(lines)).not.toContain('secret')
    expect((await readDamageMetric(it)).challenges).toBeGreaterThan(damaged.length)
  })

  test('a damaged answer is left out of the progress', async () => {
    await using model = startModel()
    await using it = await start({ model })
    const ids: number[] = []
    for (let n = 0; n < 3; n++) ids.push((await it.server.generate('user_1')).body.id)
    for (const id of ids) await it.server.answer('user_1', id, 0)

    await it.damage(setAssignment(`answer_difficulty = 'impossible'`)(ids[1] ?? 0))

    const { status, body } = await it.server.progress('user_1')
    expect([status, body.answered]).toEqual([200, 2])
    expect(await readDamageMetric(it)).toMatchObject({ assignments: 1 })
  })

  test('a server starts on a database with damaged rows', async () => {
    await using it = await start()
    const ids = [(await it.server.generate('user_1')).body.id, (await it.server.generate('user_1')).body.id]
    await it.damage(...damages.map(([, toSql]) => toSql(ids[0] ?? 0)))

    await using second = await startServer({ env: { DATABASE_URL: it.databaseUrl } })

    expect((await second.history('user_1')).body.challenges.map(({ id }) => id)).toEqual([ids[1] ?? 0])
  })

  test('the constraints of the tables refuse damaged values', async () => {
    await using it = await start()
    const { body } = await it.server.generate('user_1')
    const refused = [
      ...damages.filter(([name]) => !/source|date/.test(name)),
      ['no title', setQuestion('title = NULL')] as const,
      ['a date that is a text', setAssignment(`date_created = 'yesterday'`)] as const,
    ]

    for (const [name, toSql] of refused) {
      const failure = await it.query(toSql(body.id)).catch((error: unknown) => error)
      expect([name, failure instanceof Error]).toEqual([name, true])
    }

    expect(await listIds(it, 'user_1')).toEqual([body.id])
  })
})
