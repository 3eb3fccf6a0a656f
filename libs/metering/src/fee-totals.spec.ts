import fc from 'fast-check';
import { Engine } from '#event-sourcing/testing/engine.js';
import { Decimal, decimal } from '#kernel/decimal.js';
import { bucketOf, newId, type SubscriptionId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import type { PercentagePrice } from '#pricing/metered-price.js';
import { noFees } from '#pricing/models/fee-counts.js';
import type { PercentageTerms } from '#pricing/price.js';
import { priceOf } from '#pricing/price-of.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import type { ReportedUsage } from './admission.js';
import { feeKey } from './fee-totals.js';
import { aMetered, priceOn, sumOfCalls } from './metered-subscription.examples.js';
import { UsageStore } from './usage-store.js';
import { closeUsage } from './usage-totals.js';

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

const percentageOn = (terms: PercentageTerms, meter = sumOfCalls): PercentagePrice => ({ ...priceOn(meter), model: 'percentage', terms });
const card: PercentageTerms = {
  rate: '2.9',
  fixedAmount: '30',
  minimumAmount: '50',
  maximumAmount: '900',
  freeUnits: '2',
  freeAmount: '15000',
};
const april = { from: instant('2026-03-31T14:00:00Z'), until: instant('2026-04-30T14:00:00Z') };

async function metered(...prices: readonly PercentagePrice[]): Promise<SubscriptionId> {
  const id: SubscriptionId = newId(7);
  const { accountId, currency, timeZone, interval, startedAt, anchor } = aMetered(id, []);
  await engine.database.query(
    `insert into metering.subscription (bucket, id, account_id, currency, time_zone, interval, prices, started_at, anchor)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [bucketOf(id), id, accountId, currency, timeZone, interval, JSON.stringify(prices), startedAt, anchor],
  );
  return id;
}

const used = (
  subscriptionId: SubscriptionId,
  idempotencyKey: string,
  quantity: string,
  changes: Partial<ReportedUsage> = {},
): ReportedUsage => ({
  ...{ subscriptionId, idempotencyKey, metric: 'calls', quantity: decimal(quantity), timestamp: instant('2026-04-10T12:00:00Z') },
  properties: {},
  ...changes,
});
const closed = async (id: SubscriptionId) =>
  (await engine.database.transaction((sql) => closeUsage(sql, bucketOf(id), [{ subscriptionId: id, ...april }])))[0]!;

describe('What is kept of events for a percentage of each', () => {
  it('bills what the events themselves would, in whatever batches they came', async () => {
    const amounts = fc.array(
      fc.integer({ min: -5000, max: 4_000_000 }).map((hundredths) => Decimal.of(BigInt(hundredths), 2).toString()),
      { minLength: 1, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(amounts, fc.integer({ min: 1, max: 40 }), fc.boolean(), async (list, size, isFree) => {
        const { freeUnits: _, freeAmount: __, ...charged } = card;
        const price = percentageOn(isFree ? card : charged);
        const id = await metered(price);
        const events = list.map((quantity, index) => used(id, `k${index}`, quantity));
        for (let from = 0; from < events.length; from += size) await store.report(events.slice(from, from + size));
        // Sent again, they are counted once.
        await store.report(events);
        const totals = await closed(id);
        const quantity = totals.of(sumOfCalls, april.from);
        const exact = priceOf(price, { quantity, events: events.map((event) => event.quantity) }, null).exact;
        expect(priceOf(price, { quantity, feeCounts: totals.feesOf(price, april.from) }, null).exact).toEqual(exact);
      }),
      { numRuns: 25 },
    );
  });

  it('is counted once by several who report at one time', async () => {
    const price = percentageOn({ rate: '10' });
    const id = await metered(price);
    await Promise.all(Array.from({ length: 6 }, (_, index) => store.report([used(id, 'same', '100'), used(id, `k${index}`, '100')])));
    expect((await closed(id)).feesOf(price, april.from)).toMatchObject({ events: '7', amount: '700', chargedEvents: '7' });
  });

  it('is of the period that an event belongs to, and of what its meter takes and reads', async () => {
    const filtered = percentageOn({ rate: '10' }, { ...sumOfCalls, property: 'paid', filter: { region: ['eu'] } });
    const id = await metered(filtered);
    const before = { timestamp: instant('2026-03-31T13:59:59Z') };
    await store.report([
      used(id, 'a', '1', { properties: { region: 'eu', paid: '500' } }),
      used(id, 'b', '1', { properties: { region: 'us', paid: '500' } }),
      used(id, 'c', '1', { properties: { region: 'eu', paid: '70.5' }, ...before }),
    ]);
    const totals = await closed(id);
    expect(totals.feesOf(filtered, april.from)).toMatchObject({ events: '1', amount: '500' });
    // It began before what was closed.
    expect(totals.feesOf(filtered, instant('2026-02-28T15:00:00Z'))).toEqual(noFees);
  });

  it('is each by its own terms, and shared by prices that say the same', async () => {
    const [one, same, other] = [percentageOn({ rate: '1' }), percentageOn({ rate: '1', periodMinimum: '500' }), percentageOn(card)];
    expect(feeKey(same)).toBe(feeKey(one));
    expect(feeKey(other)).not.toBe(feeKey(one));
    const id = await metered(one, same, other);
    await store.report([used(id, 'a', '100'), used(id, 'b', '100'), used(id, 'c', '100')]);
    const totals = await closed(id);
    expect(totals.feesOf(same, april.from)).toMatchObject({ events: '3', chargedEvents: '3', minimumEvents: '0' });
    expect(totals.feesOf(other, april.from)).toMatchObject({ events: '3', chargedEvents: '0', minimumEvents: '1' });
  });
});
