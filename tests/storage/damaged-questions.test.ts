import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { parallel, until } from '../support/async.ts'
import { listIds, setQuestion } from '../support/damage.ts'
import { useEngines } from '../support/engines.ts'
import { startModel } from '../support/model.ts'

setDefaultTimeout(60_000)

/** Options that are no list, and options with a character that fails the constraint of PostgreSQL with an error. */
const damagedOptions = { SQLite: ['none'], PostgreSQL: ['none', '["\\u0000", "b", "c", "d"]'] }

describe.each(useEngines())('with damaged questions in %s', (engine, start) => {
  test('a claim passes over the damaged questions of the pool, which are retired, and charges once', async () => {
    await using model = startModel()
    await using it = await start({ model })
    const old = await it.server.generate('user_1')
    // Three questions that wait, two of them damaged.
    await it.damage(
      ...[1, 2, 3].map(
        (
          n,
        ) => `INSERT INTO questions (difficulty, title, options, correct_answer_id, explanation, state, date_created)
          VALUES ('easy', 'Waiting ${n}', '${n === 3 ? '["a", "b", "c", "d"]' : 'none'}', 1, 'Because.', 'ready', ${n})`,
      ),
    )
    const calls = model.calls('challenge')

    const claimed = await it.server.generate('user_1')

    expect(claimed.body.title).toBe('Waiting 3')
    expect(model.calls('challenge')).toBe(calls)
    expect((await it.server.quota('user_1')).body.quota_remaining).toBe(48)
    expect(await listIds(it, 'user_1')).toEqual([claimed.body.id, old.body.id])
    expect(await it.query(`SELECT title FROM questions WHERE state = 'retired' ORDER BY title`)).toEqual([
      { title: 'Waiting 1' },
      { title: 'Waiting 2' },
    ])
  })

  test('a claim passes over the damaged questions of a library, which are retired, and charges once', async () => {
    await using model = startModel()
    await using it = await start({ model, env: { LIBRARY_SIZE: '1', POOL_SIZE: '0' } })
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => it.server.generate('user_1')))
    await it.damage(...[first, second].map((one) => setQuestion(`options = 'none'`)(one?.body.id ?? 0)))
    const calls = model.calls('challenge')

    // A draw meets each damaged question before the sound one in half of the cases, so that 24 draws meet both.
    const drawn = await parallel(24, (n) => it.server.generate(`user_${n + 2}`))

    for (const { body } of drawn) expect([body.title, body.charged]).toEqual([third?.body.title ?? '', true])
    expect(model.calls('challenge')).toBe(calls)
    expect((await it.server.quota('user_2')).body.quota_remaining).toBe(49)
    expect(
      await it.query(
        `SELECT CAST(count(*) AS int) AS n FROM questions WHERE state = 'retired' AND position IS NULL`,
      ),
    ).toEqual([{ n: 2 }])
    expect(await it.query('SELECT CAST(sum(circulating) AS int) AS n FROM libraries')).toEqual([{ n: 1 }])
  })

  test('damaged questions that wait, enter a library or are suspected stop no claim', async () => {
    await using model = startModel()
    await using it = await start({ model, env: { LIBRARY_SIZE: '1', POOL_SIZE: '0' } })
    const states = ['ready', 'circulating', 'suspected']
    await it.damage(
      ...damagedOptions[engine].flatMap((options, n) =>
        states.map(
          (
            state,
          ) => `INSERT INTO questions (difficulty, title, options, correct_answer_id, explanation, state, fingerprint)
            VALUES ('easy', 'Damaged', '${options}', 1, 'Because.', '${state}', '${state} ${n}')`,
        ),
      ),
    )

    const claimed = await parallel(6, (n) => it.server.generate(`user_${n}`))

    for (const { status, body } of claimed) expect([status, body.charged]).toEqual([200, true])
    expect((await it.server.quota('user_1')).body.quota_remaining).toBe(49)
    await until(async () => {
      const [left] = await it.query(
        `SELECT CAST(count(*) AS int) AS n FROM questions WHERE title = 'Damaged' AND state <> 'retired'`,
      )
      return left?.n === 0
    }, 'the damaged questions are retired')
  })

  test('the idempotency key of a damaged challenge gets another one', async () => {
    await using model = startModel()
    await using it = await start({ model })
    const key = { 'idempotency-key': 'k' }
    const first = await it.server.generate('user_1', 'easy', key)
    await it.damage(setQuestion(`options = 'none'`)(first.body.id))

    const second = await it.server.generate('user_1', 'easy', key)
    const third = await it.server.generate('user_1', 'easy', key)

    expect(second.body.id).not.toBe(first.body.id)
    expect(third.body).toEqual(second.body)
  })

  test('damaged questions of the bank are stored anew', async () => {
    await using it = await start()
    for (let n = 0; n < 10; n++) await it.server.generate('user_1')
    await it.damage(`UPDATE questions SET options = 'none'`)

    for (let n = 0; n < 45; n++) expect((await it.server.generate('user_2')).status).toBe(200)

    expect(await listIds(it, 'user_2')).toHaveLength(45)
    expect(await listIds(it, 'user_1')).toEqual([])
  })
})
