import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import supertest from 'supertest';
import { ChangeAccount } from '#accounts/account/change-account.js';
import { CreateAccount } from '#accounts/account/create-account.js';
import { CommandBus } from '#event-sourcing/command-bus.js';
import { EventSourcingModule } from '#event-sourcing/event-sourcing.module.js';
import { type AccountId, newId, type TestClockId } from '#kernel/ids.js';
import { type Instant, instant, plusMs } from '#kernel/instant.js';
import { Refusal } from '#kernel/refusal.js';
import { timeZone } from '#kernel/time-zone.js';
import { DatabaseModule } from '#platform/database/database.module.js';
import { startProbe } from '#platform/testing/probe-app.js';
import { Arrivals } from '#test-clocks/api/arrivals.js';
import { arriveAt } from '#test-clocks/contract.js';
import { AdvanceTestClock } from '#test-clocks/test-clock/advance-test-clock.js';
import { CreateTestClock } from '#test-clocks/test-clock/create-test-clock.js';
import { TestClocksModule } from '#test-clocks/test-clocks.module.js';
import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';
import { createTestDatabase } from '../support/test-database.js';
import { PATIENCE_MS } from '../support/until.js';

let platform: TestPlatform;
let story: Story;
beforeAll(async () => {
  platform = await startPlatform();
  story = new Story(platform);
  await story.plan();
});
afterAll(() => platform.stop());

const january31 = '2026-01-31T12:00:00.000Z';
const february28 = '2026-02-28T12:00:00.000Z';
const untilStatus = async (clockId: string, status: string): Promise<void> => {
  while ((await platform.get(`/v1/test-clocks/${clockId}`)).body.status !== status) await sleep(10);
};

describe('A test clock', () => {
  it('is created at any time, and shown with its version', async () => {
    const before = Date.now();
    const { body, headers } = await platform.post('/v1/test-clocks', { now: '2026-01-31T13:00:00+01:00' }).expect(201);
    expect(body).toEqual({ id: expect.any(String), now: january31, status: 'ready', target: null, createdAt: expect.any(String) });
    expect(headers).toMatchObject({ etag: '"1"', location: `/v1/test-clocks/${body.id}` });
    // In real time, whatever the clock itself shows.
    expect(Date.parse(body.createdAt)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(body.createdAt)).toBeLessThanOrEqual(Date.now());
    const read = await platform.get(headers.location!).expect(200);
    expect(read.body).toEqual(body);
    expect(read.headers.etag).toBe('"1"');
  });

  it('is one, however often the same request is sent', async () => {
    const key = randomUUID();
    const send = () => platform.post('/v1/test-clocks', { now: january31 }).set('Idempotency-Key', key).expect(201);
    const answers = await Promise.all(Array.from({ length: 8 }, send));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] !== 'true')).toHaveLength(1);
    await platform.post('/v1/test-clocks', { now: february28 }).set('Idempotency-Key', key).expect(422);
  });

  it('is listed, newest first and in pages', async () => {
    const ids = [await story.testClock(january31), await story.testClock(january31), await story.testClock(january31)];
    const first = await platform.get('/v1/test-clocks?limit=2').expect(200);
    const second = await platform.get(`/v1/test-clocks?limit=2&cursor=${first.body.nextCursor}`).expect(200);
    expect([...first.body.data, ...second.body.data].slice(0, 3).map(({ id }) => id)).toEqual(ids.reverse());
  });

  it.each([
    [{}, 'validation_failed', '/now'],
    [{ now: 'tomorrow' }, 'validation_failed', '/now'],
    [{ now: january31, speed: 2 }, 'validation_failed', '/speed'],
  ])('is refused from %j', async (body, code, pointer) => {
    const { body: problem } = await platform.post('/v1/test-clocks', body).expect(422);
    expect(problem).toMatchObject({ code, errors: [{ pointer }] });
  });

  it('is not created out of range, nor found where there is none', async () => {
    const outside = await platform.post('/v1/test-clocks', { now: '1900-01-01T00:00:00Z' }).expect(422);
    expect(outside.body.code).toBe('test_clock_out_of_range');
    const unknown = await platform.get(`/v1/test-clocks/${newId()}`).expect(404);
    expect(unknown.body.code).toBe('test_clock_not_found');
    const invalid = await platform.get('/v1/test-clocks/first').expect(422);
    expect(invalid.body.code).toBe('id_invalid');
  });
});

describe('Advancing a test clock', () => {
  it('answers when accepted, and is ready once everything due has happened, for its own accounts only', async () => {
    const [moved, still] = [await story.testClock(january31), await story.testClock(january31)];
    const subscriptions: string[] = [];
    for (const testClockId of [moved, still, undefined]) {
      const { id } = await story.account({ testClockId });
      subscriptions.push((await story.subscription(id)).id);
    }
    await platform.settle();

    const { body, headers } = await platform.post(`/v1/test-clocks/${moved}/advance`, { to: '2026-04-30T12:00:00Z' }).expect(200);
    expect(body).toMatchObject({ id: moved, now: january31, status: 'advancing', target: '2026-04-30T12:00:00.000Z' });
    expect(headers.etag).toBe('"2"');
    const again = await platform.post(`/v1/test-clocks/${moved}/advance`, { to: '2026-05-31T12:00:00Z' }).expect(409);
    expect(again.body.code).toBe('test_clock_advancing');

    await platform.settle();
    const arrived = await platform.get(`/v1/test-clocks/${moved}`).expect(200);
    expect(arrived.body).toMatchObject({ now: '2026-04-30T12:00:00.000Z', status: 'ready', target: null });
    expect(arrived.headers.etag).toBe('"3"');
    const [ofMoved, ofStill, ofNone] = await Promise.all(subscriptions.map((id) => story.invoices(id)));
    expect(ofMoved!.map(({ issuedAt, status }) => [issuedAt, status])).toEqual([
      [january31, 'paid'],
      [february28, 'paid'],
      // Noon in UTC is an hour later by the clock of New York once it is summer there.
      ['2026-03-31T11:00:00.000Z', 'paid'],
      ['2026-04-30T11:00:00.000Z', 'paid'],
    ]);
    expect([ofStill, ofNone].map((invoices) => invoices!.length)).toEqual([1, 1]);
    expect((await platform.get(`/v1/test-clocks/${still}`)).body.now).toBe(january31);
  });

  it('answers on arrival if it is to wait, and the same once more when repeated, wherever the clock has gone since', async () => {
    const clockId = await story.testClock(january31);
    const send = () => platform.post(`/v1/test-clocks/${clockId}/advance?wait=true`, { to: february28 }).set('Idempotency-Key', 'february');
    let answered = false;
    const waiting = send().then((answer) => {
      answered = true;
      return answer;
    });
    await untilStatus(clockId, 'advancing');
    await sleep(100);
    expect(answered).toBe(false);
    await platform.settle();
    const first = await waiting;
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ now: february28, status: 'ready', target: null });
    expect(first.headers.etag).toBe('"3"');

    await story.advance(clockId, '2026-06-30T12:00:00Z');
    const repeated = await send().expect(200);
    expect(repeated.text).toBe(first.text);
    expect(repeated.headers).toMatchObject({ etag: '"3"', 'idempotent-replayed': 'true' });
  });

  it('is refused with the reason', async () => {
    const clockId = await story.testClock(january31);
    const advance = (to: string, id = clockId) => platform.post(`/v1/test-clocks/${id}/advance`, { to });
    expect((await advance(january31).expect(422)).body).toMatchObject({ code: 'test_clock_not_forward', errors: [{ pointer: '/to' }] });
    expect((await advance('2036-02-01T12:00:00Z').expect(422)).body).toMatchObject({ code: 'test_clock_too_far' });
    expect((await advance(february28, newId()).expect(404)).body).toMatchObject({ code: 'test_clock_not_found' });
    expect((await advance(february28).set('If-Match', '"7"').expect(412)).body).toMatchObject({ code: 'version_conflict' });
    await platform.post(`/v1/test-clocks/${clockId}/advance?wait=maybe`, { to: february28 }).expect(422);
    const { body, headers } = await platform.get(`/v1/test-clocks/${clockId}`).expect(200);
    expect([body.now, body.status, headers.etag]).toEqual([january31, 'ready', '"1"']);
  });

  it('never lets a command of its accounts in once it has begun, and neither waits for the other in a ring', async () => {
    const commands = platform.app.get(CommandBus, { strict: false });
    const meta = { actor: 'spec', correlationId: 'spec' };
    // In one bucket, where positions are the order of the commits.
    const testClockId: TestClockId = newId(7);
    const accountId: AccountId = newId(7);
    await commands.execute(new CreateTestClock({ testClockId, now: instant(january31) }, meta));
    const fields = { email: 'ada@example.com', name: 'Ada', timeZone: timeZone('UTC'), locale: null, country: null, region: null } as const;
    const account = {
      ...fields,
      accountId,
      testClockId,
      currency: 'USD',
      address: null,
      taxIds: [],
      taxExempt: false,
      externalId: null,
      metadata: {},
      paymentMethod: null,
    } as const;
    await commands.execute(new CreateAccount(account, meta));
    const change = (name: string) => commands.execute(new ChangeAccount({ accountId, changes: { name } }, meta));

    let to: Instant = instant(january31);
    for (let round = 0; round < 15; round += 1) {
      to = plusMs(to, 1_000);
      const changes = Array.from({ length: 8 }, (_, index) => change(`${round}/${index}`));
      const advance = commands.execute(new AdvanceTestClock({ testClockId, to }, meta));
      const [begun, ...outcomes] = await Promise.allSettled([advance, ...changes]);
      expect(begun).toMatchObject({ status: 'fulfilled' });
      const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
      for (const failure of failures) {
        expect(failure).toBeInstanceOf(Refusal);
        expect(['test_clock_advancing', 'version_conflict']).toContain(failure.code);
      }
      await arriveAt(commands)(testClockId, to);
    }
    const late = await platform.database.query(
      `select changed.pos from es.event changed
        where changed.bucket = 7 and changed.stream_id = $1 and changed.event_type = 'AccountChanged'
          and (select last.event_type from es.event last
                where last.bucket = 7 and last.stream_id = $2 and last.pos < changed.pos order by last.pos desc limit 1) = 'TestClockAdvanceStarted'`,
      [accountId, testClockId],
    );
    expect(late).toEqual([]);
  });

  it('is not possible, and a clock not made, where the gateway is a live one', async () => {
    const database = await createTestDatabase();
    const { app, authorization } = await startProbe(
      { imports: [DatabaseModule, EventSourcingModule.forRoot(), TestClocksModule] },
      { DATABASE_URL: database.url, STRIPE_API_KEY: 'rk_live_0123456789' },
    );
    try {
      const send = (path: string, body: object) => supertest(app.getHttpServer()).post(path).set('Authorization', authorization).send(body);
      const made = await send('/v1/test-clocks', { now: january31 }).expect(409);
      expect(made.body.code).toBe('test_clocks_not_live');
      const advanced = await send(`/v1/test-clocks/${newId()}/advance`, { to: february28 }).expect(409);
      expect(advanced.body.code).toBe('test_clocks_not_live');
    } finally {
      await app.close();
      await database.drop();
    }
  });
});

describe('Waiting for an arrival', () => {
  const part = () => platform.app.get(Arrivals, { strict: false });

  it('ends when it takes too long', async () => {
    const clockId = (await story.testClock(january31)) as TestClockId;
    const gone = new AbortController().signal;
    expect(await part().reached(clockId, 1, { withinMs: PATIENCE_MS, gone })).toBe(true);
    expect(await part().reached(clockId, 2, { withinMs: 50, gone })).toBe(false);
  });

  it('ends when the caller has gone away', async () => {
    const clockId = await story.testClock(january31);
    const arrivals = part();
    const reached = arrivals.reached.bind(arrivals);
    const waits: Promise<boolean>[] = [];
    arrivals.reached = (...given) => {
      waits.push(reached(...given));
      return waits.at(-1)!;
    };
    const request = platform.post(`/v1/test-clocks/${clockId}/advance?wait=true`, { to: february28 });
    request.end(() => {});
    await untilStatus(clockId, 'advancing');
    while (waits.length === 0) await sleep(10);
    request.abort();
    expect(await waits[0]).toBe(false);
    arrivals.reached = reached;
    await platform.settle();
  });
});
