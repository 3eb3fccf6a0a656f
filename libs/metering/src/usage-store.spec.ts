import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Engine } from '#event-sourcing/testing/engine.js';
import { Decimal, decimal } from '#kernel/decimal.js';
import { bucketOf, newId, type SubscriptionId } from '#kernel/ids.js';
import { fromEpochMs, instant } from '#kernel/instant.js';
import { aggregate, isCounted, type Meter, meterKey } from '#pricing/meter.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import type { ReportedUsage } from './admission.js';
import { aMetered, callsOfAda, everyMeter, sumOfCalls } from './metered-subscription.examples.js';
import { SpansOf, spans } from './spans.js';
import { UsageStore } from './usage-store.js';
import { closeUsage, usageTotals } from './usage-totals.js';

let testDatabase: TestDatabase;
let engine: Engine;
let store: UsageStore;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  engine = await Engine.start({ url: testDatabase.url, contexts: [], connections: 6 });
  engine.clock.set('2026-04-15T12:00:00Z');
  store = new UsageStore(engine.database, engine.clock);
});
afterAll(async () => {
  await engine.close();
  await testDatabase.drop();
});

async function metered(meters: readonly Meter[]): Promise<SubscriptionId> {
  const id: SubscriptionId = newId(7);
  const { accountId, currency, timeZone, interval, prices, startedAt, anchor } = aMetered(id, meters);
  await engine.database.query(
    `insert into metering.subscription (bucket, id, account_id, currency, time_zone, interval, prices, started_at, anchor)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [bucketOf(id), id, accountId, currency, timeZone, interval, JSON.stringify(prices), startedAt, anchor],
  );
  return id;
}

const used = (subscriptionId: SubscriptionId, idempotencyKey: string, changes: Partial<ReportedUsage> = {}): ReportedUsage => ({
  ...{ subscriptionId, idempotencyKey, metric: 'calls', quantity: Decimal.one, timestamp: instant('2026-04-10T12:00:00Z') },
  ...{ properties: { user: 'ada', level: '1' } },
  ...changes,
});
const report = async (...events: ReportedUsage[]) =>
  (await store.report(events)).map((admission) => (admission.status === 'refused' ? admission.refusal.code : admission.status));
const totalsOf = (id: SubscriptionId, span: string) =>
  engine.rows<{ meter: string; start: Date; quantity: string; events: string }>(
    'select meter, start, quantity, events from metering.total where subscription_id = $1 and span = $2',
    [id, span],
  );

const anyEvents = fc.array(
  fc.record({
    quantity: fc.integer({ min: -50, max: 900 }).map((hundredths) => Decimal.of(BigInt(hundredths), 2)),
    timestamp: fc.integer({ min: Date.parse('2026-03-31T20:00:00Z'), max: Date.parse('2026-04-02T20:00:00Z') }).map(fromEpochMs),
    properties: fc.record({ user: fc.constantFrom('ada', 'bob', 'Ada'), level: fc.integer({ min: -3, max: 3 }).map(String) }),
  }),
  { minLength: 1, maxLength: 40 },
);

const meters = [...everyMeter, callsOfAda];

describe('Usage', () => {
  it('in totals is what its meters make of all events of the span, however it was batched', async () => {
    await fc.assert(
      fc.asyncProperty(anyEvents, fc.integer({ min: 1, max: 40 }), async (given, size) => {
        const id = await metered(meters);
        const events = given.map((each, index) => used(id, `k${index}`, each));
        for (let from = 0; from < events.length; from += size) await store.report(events.slice(from, from + size));
        const spansOf = new SpansOf();
        for (const span of spans) {
          const rows = await totalsOf(id, span);
          const starts = [...new Set(events.map(({ timestamp }) => spansOf.of(aMetered(id, meters), timestamp)[span]))];
          expect(rows.filter(({ meter }) => meter !== meterKey(callsOfAda))).toHaveLength(starts.length * everyMeter.length);
          for (const { meter, start, quantity, events: count } of rows) {
            const within = events.filter(({ timestamp }) => spansOf.of(aMetered(id, meters), timestamp)[span] === start.toISOString());
            const own = meters.find((each) => meterKey(each) === meter)!;
            const counted = within.filter((event) => isCounted(own, event));
            expect([meter, decimal(quantity).equals(aggregate(own, within)), Number(count)]).toEqual([meter, true, counted.length]);
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  it('is counted once, sent again alone, in the same batch, or by several at once', async () => {
    const id = await metered([sumOfCalls]);
    expect(await report(used(id, 'a'), used(id, 'b'), used(id, 'a'))).toEqual(['accepted', 'accepted', 'duplicate']);
    expect(await report(used(id, 'a'))).toEqual(['duplicate']);
    const several = await Promise.all(Array.from({ length: 5 }, () => report(used(id, 'b'), used(id, 'c'))));
    expect(several.flat().filter((status) => status === 'accepted')).toHaveLength(1);
    expect(await totalsOf(id, 'period')).toMatchObject([{ quantity: '3', events: '3' }]);
  });

  it('with a key that is known with other content is refused, in the same batch and in another month too', async () => {
    const id = await metered([sumOfCalls]);
    expect(await report(used(id, 'a'), used(id, 'a', { quantity: decimal('2') }))).toEqual(['accepted', 'usage_key_reused']);
    expect(await report(used(id, 'a', { timestamp: instant('2026-02-02T12:00:00Z') }))).toEqual(['usage_key_reused']);
  });

  it('of one subscription leaves the keys of another alone', async () => {
    const [one, other] = [await metered([sumOfCalls]), await metered([sumOfCalls])];
    expect(await report(used(one, 'a'), used(other, 'a'))).toEqual(['accepted', 'accepted']);
  });

  it('that is refused leaves the rest of its batch alone', async () => {
    const id = await metered([sumOfCalls]);
    expect(await report(used(id, 'a', { metric: 'other' }), used(newId(7), 'b'), used(id, 'c'))).toEqual([
      'metric_unknown',
      'subscription_not_found',
      'accepted',
    ]);
    // The key of what was refused is free.
    expect(await report(used(id, 'a'))).toEqual(['accepted']);
  });

  it('of numbers beyond any float is exact', async () => {
    const id = await metered([sumOfCalls]);
    await report(used(id, 'a', { quantity: decimal('1000000000000000') }), used(id, 'b', { quantity: decimal('0.000000000001') }));
    await report(used(id, 'c', { quantity: decimal('1000000000000000') }));
    expect(await totalsOf(id, 'period')).toMatchObject([{ quantity: '2000000000000000.000000000001' }]);
  });

  it('is counted by what no index could hold: a long filter, and long texts that are told apart (lago-api #502)', async () => {
    // Random, since PostgreSQL would compress what repeats.
    const long = () => randomBytes(7500).toString('base64');
    const texts = [long(), long()];
    const filtered: Meter = { metric: 'calls', aggregation: 'unique', property: 'user', filter: { user: texts } };
    const id = await metered([filtered]);
    const events = [...texts, ...texts, `${texts[0]}x`].map((user, index) => used(id, `k${index}`, { properties: { user } }));
    expect(await report(...events)).toEqual(events.map(() => 'accepted'));
    expect(await totalsOf(id, 'period')).toMatchObject([{ meter: meterKey(filtered), quantity: '2', events: '4' }]);
  });

  it('that comes while its period is being closed waits, and is then told so', async () => {
    const id = await metered([sumOfCalls]);
    await report(used(id, 'before'));
    const closing = { subscriptionId: id, from: instant('2026-03-31T14:00:00Z'), until: instant('2026-04-30T14:00:00Z') };
    let late: Promise<string[]> | undefined;
    await engine.database.transaction(async (sql) => {
      const [totals] = await closeUsage(sql, bucketOf(id), [closing]);
      expect(totals!.of(sumOfCalls, closing.from).toString()).toBe('1');
      late = report(used(id, 'late'));
      // What does not wait is answered within this.
      expect(await Promise.race([late, new Promise((resolve) => setTimeout(resolve, 300, 'waits'))])).toBe('waits');
    });
    expect(await late).toEqual(['usage_window_closed']);
    expect(await totalsOf(id, 'period')).toMatchObject([{ quantity: '1' }]);
  });

  it('that comes while its period is only read waits for nothing, and is read by who settles it', async () => {
    const id = await metered([sumOfCalls]);
    const span = { subscriptionId: id, from: instant('2026-03-31T14:00:00Z'), until: instant('2026-04-30T14:00:00Z') };
    await engine.database.transaction(async (sql) => {
      const [known] = await usageTotals(sql, bucketOf(id), [span]);
      expect(await report(used(id, 'late'))).toEqual(['accepted']);
      expect(known!.of(sumOfCalls, span.from).toString()).toBe('0');
    });
    const [settled] = await engine.database.transaction((sql) => closeUsage(sql, bucketOf(id), [span]));
    expect(settled!.of(sumOfCalls, span.from).toString()).toBe('1');
  });

  it('is settled with all that was being counted as it was closed', async () => {
    const id = await metered([sumOfCalls]);
    const span = { subscriptionId: id, from: instant('2026-03-31T14:00:00Z'), until: instant('2026-04-30T14:00:00Z') };
    const reports = Array.from({ length: 20 }, (_, index) => report(used(id, `k${index}`)));
    const closing = engine.database.transaction((sql) => closeUsage(sql, bucketOf(id), [span]));
    const accepted = (await Promise.all(reports)).flat().filter((status) => status === 'accepted').length;
    expect((await closing)[0]!.of(sumOfCalls, span.from).toString()).toBe(String(accepted));
  });

  it('is open again where the closing was given up', async () => {
    const id = await metered([sumOfCalls]);
    const closing = { subscriptionId: id, from: instant('2026-03-31T14:00:00Z'), until: instant('2026-04-30T14:00:00Z') };
    const givenUp = engine.database.transaction(async (sql) => {
      await closeUsage(sql, bucketOf(id), [closing]);
      throw new Error('given up');
    });
    await expect(givenUp).rejects.toThrow('given up');
    expect(await report(used(id, 'a'))).toEqual(['accepted']);
  });

  it('that is closed is told to each command of a batch', async () => {
    const ids = [await metered([sumOfCalls]), await metered([sumOfCalls]), await metered([sumOfCalls])];
    await report(used(ids[0]!, 'a'), used(ids[2]!, 'a', { quantity: decimal('7') }));
    const closings = ids.map((subscriptionId) => ({
      ...{ subscriptionId, from: instant('2026-03-31T14:00:00Z'), until: instant('2026-04-30T14:00:00Z') },
    }));
    const totals = await engine.database.transaction((sql) => closeUsage(sql, bucketOf(ids[0]!), closings));
    expect(totals.map((each) => each.of(sumOfCalls, closings[0]!.from).toString())).toEqual(['1', '0', '7']);
  });
});
