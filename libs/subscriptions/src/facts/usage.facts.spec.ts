import { fold } from '#event-sourcing/decider.js';
import type { Sql } from '#event-sourcing/sql.js';
import { bucketOf, newId, type SubscriptionId } from '#kernel/ids.js';
import { type Instant, instant } from '#kernel/instant.js';
import { type Meter, meterKey } from '#pricing/meter.js';
import { ReadModelStage } from '../../../../test/support/read-model-stage.js';
import { SubscriptionDecider } from '../subscription/subscription.decider.js';
import { CancellationScheduled, type SubscriptionEvent, UsageSettled } from '../subscription/subscription.events.js';
import {
  aCanceled,
  accountId,
  aMetered,
  anActive,
  aRenewed,
  aTrial,
  callsPrice,
  canceled,
  ended,
  january31,
  lateUntil,
  meteredTerms,
  periodOf,
  storagePrice,
  subscriptionId,
} from '../subscription/subscription.examples.js';
import type { Subscription } from '../subscription/subscription.state.js';
import { usageOfPeriod, usageSinceTrial, usageToSettle, usageUntilCanceled } from './usage.facts.js';

const bucket = bucketOf(subscriptionId);
const endOfFebruary = periodOf(1).end;
const trialEnd = instant('2026-02-14T15:00:00Z');
const stateOf = (events: readonly SubscriptionEvent[]): Subscription => fold(SubscriptionDecider, events);
const metered = stateOf(aMetered());
const renewed = stateOf(aRenewed());
const settledFebruary = new UsageSettled({ subscriptionId, accountId, number: 1, period: periodOf(1), used: [], bill: null });
const onTrial = stateOf(aTrial(meteredTerms));

let stage: ReadModelStage;
beforeAll(async () => {
  stage = await ReadModelStage.open();
});
afterAll(() => stage.close());
beforeEach(async () => {
  await stage.database.query('delete from metering.total');
  await stage.database.query('delete from metering.frontier');
});

async function used(meter: Meter, start: Instant, quantity: string, of: SubscriptionId = subscriptionId, span = 'period'): Promise<void> {
  await stage.database.query(
    `insert into metering.total (bucket, subscription_id, meter, span, start, events, quantity, last_at)
     values ($1::smallint, $2::uuid, $3, $4, $5::timestamptz, 1, $6::numeric, $5::timestamptz)`,
    [bucket, of, meterKey(meter), span, start, quantity],
  );
}

/** Until when the usage of each subscription is closed. */
async function closedUntil(): Promise<Record<string, string>> {
  const rows = await stage.database.query<{ id: string; until: Date }>(
    'select subscription_id as id, closed_until as until from metering.frontier',
  );
  return Object.fromEntries(rows.map(({ id, until }) => [id, until.toISOString()]));
}

const inTransaction = <T>(work: (sql: Sql) => Promise<T>): Promise<T> => stage.database.transaction(work);
const renewal = (state: Subscription, now: Instant = endOfFebruary, number = 2) => ({ data: { subscriptionId, number }, state, now });
const cancellation = (state: Subscription, now: Instant, ends: 'now' | 'at-period-end' = 'now') => ({
  data: { subscriptionId, ends },
  state,
  now,
});

describe('What a renewal knows of usage', () => {
  const ofPeriod = async (...requests: ReturnType<typeof renewal>[]) => inTransaction((sql) => usageOfPeriod(sql, requests, bucket));

  it('is the total of each meter in the period that ends, of which more may come', async () => {
    await used(callsPrice.meter, january31, '1500.50');
    await used(storagePrice.meter, january31, '7');
    const [facts] = await ofPeriod(renewal(metered));
    expect(String(facts!.usage!.of(callsPrice.meter, january31))).toBe('1500.5');
    expect(String(facts!.usage!.of(storagePrice.meter, january31))).toBe('7');
    expect(await closedUntil()).toEqual({});
  });

  it('is nothing of the next period, nor of hours and days', async () => {
    await used(callsPrice.meter, endOfFebruary, '10');
    await used(callsPrice.meter, january31, '3', subscriptionId, 'hour');
    const [facts] = await ofPeriod(renewal(metered, instant('2026-03-01T00:00:00Z')));
    expect(String(facts!.usage!.of(callsPrice.meter, january31))).toBe('0');
    expect(String(facts!.usage!.of(callsPrice.meter, endOfFebruary))).toBe('0');
  });

  it('is the own of each subscription of a batch, in the order of the commands', async () => {
    const otherId = newId<'subscription'>(7);
    const other = { ...metered, subscriptionId: otherId } as Subscription;
    await used(callsPrice.meter, january31, '1');
    await used(callsPrice.meter, january31, '2', otherId);
    const facts = await ofPeriod(renewal(other), renewal(stateOf(anActive())), renewal(metered));
    expect(facts.map(({ usage }) => usage && String(usage.of(callsPrice.meter, january31)))).toEqual(['2', null, '1']);
  });

  it('is read of a subscription that ends with its period too', async () => {
    const ending = stateOf([...aMetered(), new CancellationScheduled({ subscriptionId, accountId, endsAt: endOfFebruary })]);
    expect((await ofPeriod(renewal(ending)))[0]!.usage).not.toBeNull();
  });

  it('may have more digits than any number that was reported', async () => {
    const sum = `${'9'.repeat(40)}.${'1'.repeat(20)}`;
    await used(callsPrice.meter, january31, sum);
    const [facts] = await ofPeriod(renewal(metered));
    expect(String(facts!.usage!.of(callsPrice.meter, january31))).toBe(sum);
  });
});

describe('What a cancellation knows of usage', () => {
  it('is what was used until now, of which more may come', async () => {
    const now = instant('2026-02-09T20:00:00Z');
    await used(callsPrice.meter, january31, '12');
    const [facts] = await inTransaction((sql) => usageUntilCanceled(sql, [cancellation(metered, now)], bucket));
    expect(String(facts!.usage!.of(callsPrice.meter, january31))).toBe('12');
    expect(await closedUntil()).toEqual({});
  });
});

describe('What is known of the usage of a period that ended as it began', () => {
  it('is what was reported of the next minutes before that', async () => {
    await used(callsPrice.meter, january31, '12');
    const [facts] = await inTransaction((sql) => usageUntilCanceled(sql, [cancellation(metered, january31)], bucket));
    expect(String(facts!.usage!.of(callsPrice.meter, january31))).toBe('12');
  });
});

describe('What the end of a trial knows of usage', () => {
  it('is that of the periods since then that are over already', async () => {
    const second = periodOf(2, trialEnd);
    await used(callsPrice.meter, january31, '9999');
    await used(callsPrice.meter, trialEnd, '10');
    await used(callsPrice.meter, second.start, '20');
    await used(callsPrice.meter, second.end, '30');
    const request = { data: { subscriptionId }, state: onTrial, now: second.end };
    const [facts] = await inTransaction((sql) => usageSinceTrial(sql, [request], bucket));
    const starts = [january31, trialEnd, second.start, second.end];
    expect(starts.map((start) => String(facts!.usage!.of(callsPrice.meter, start)))).toEqual(['0', '10', '20', '0']);
    expect(await closedUntil()).toEqual({});
  });
});

describe('What a settlement knows of usage', () => {
  const settlement = (number: number, now: Instant, state = renewed) => ({ data: { subscriptionId, number }, state, now });
  const toSettle = (...requests: ReturnType<typeof settlement>[]) => inTransaction((sql) => usageToSettle(sql, requests, bucket));

  it('is the total of each meter in the period, which is closed from then on', async () => {
    await used(callsPrice.meter, january31, '1500');
    await used(callsPrice.meter, endOfFebruary, '7');
    const [facts] = await toSettle(settlement(1, lateUntil(endOfFebruary)));
    expect([january31, endOfFebruary].map((start) => String(facts!.usage!.of(callsPrice.meter, start)))).toEqual(['1500', '0']);
    expect(await closedUntil()).toEqual({ [subscriptionId]: endOfFebruary });
  });

  it('is the own of each period, where several of a subscription are settled at once, in whatever order', async () => {
    const march = periodOf(2);
    const both = stateOf([
      ...aRenewed(),
      ended(2, 'canceled', march.end, { until: lateUntil(march.end), part: null }),
      canceled(march.end),
    ]);
    await used(callsPrice.meter, january31, '1');
    await used(callsPrice.meter, march.start, '2');
    const now = lateUntil(march.end);
    const facts = await toSettle(settlement(2, now, both), settlement(1, now, both));
    const read = facts.map(({ usage }) => [january31, march.start].map((start) => String(usage!.of(callsPrice.meter, start))));
    expect(read).toEqual([
      ['0', '2'],
      ['1', '0'],
    ]);
    expect(await closedUntil()).toEqual({ [subscriptionId]: march.end });
  });

  it('is read of a period that was metered, whatever is metered since', async () => {
    const state = { ...renewed, terms: { ...meteredTerms, prices: [] } } as Subscription;
    expect((await toSettle(settlement(1, lateUntil(endOfFebruary), state)))[0]!.usage).not.toBeNull();
  });
});

describe('No query is asked', () => {
  const noSql = {
    query: () => {
      throw new Error('A query was asked.');
    },
  } as unknown as Sql;
  const early = instant('2026-02-09T20:00:00Z');

  it.each<[string, ReturnType<typeof renewal>[]]>([
    ['nothing is metered', [renewal(stateOf(anActive())), renewal(stateOf(anActive()))]],
    ['the period is not over', [renewal(metered, early)]],
    ['the period has been renewed already', [renewal(metered, endOfFebruary, 1)]],
    ['the subscription is on trial, has ended or does not exist', [onTrial, stateOf(aCanceled()), stateOf([])].map((it) => renewal(it))],
  ])('by a renewal where %s', async (_, requests) => {
    expect(await usageOfPeriod(noSql, requests, bucket)).toEqual(requests.map(() => ({ usage: null })));
  });

  it.each([
    ['nothing is metered', cancellation(stateOf(anActive()), early)],
    ['the subscription runs on until the end of its period', cancellation(metered, early, 'at-period-end')],
    ['the subscription is on trial', cancellation(onTrial, early)],
  ])('by a cancellation where %s', async (_, request) => {
    expect(await usageUntilCanceled(noSql, [request], bucket)).toEqual([{ usage: null }]);
  });

  it.each([
    ['its time is not up', renewed, 1, endOfFebruary],
    ['it was settled before', stateOf([...aRenewed(), settledFebruary]), 1, lateUntil(endOfFebruary)],
    ['the period is not over', renewed, 2, lateUntil(endOfFebruary)],
    ['nothing is metered', stateOf(anActive()), 1, lateUntil(endOfFebruary)],
    ['there is no subscription', stateOf([]), 1, lateUntil(endOfFebruary)],
  ])('by a settlement where %s', async (_, state, number, now) => {
    expect(await usageToSettle(noSql, [{ data: { subscriptionId, number }, state, now }], bucket)).toEqual([{ usage: null }]);
  });

  it.each([
    ['nothing is metered', stateOf(aTrial()), endOfFebruary],
    ['no period is over since then', onTrial, trialEnd],
    ['it does not end yet', onTrial, early],
    [
      'the subscription ends with it',
      stateOf([...aTrial(meteredTerms), new CancellationScheduled({ subscriptionId, accountId, endsAt: trialEnd })]),
      endOfFebruary,
    ],
  ])('by the end of a trial where %s', async (_, state, now) => {
    expect(await usageSinceTrial(noSql, [{ data: { subscriptionId }, state, now }], bucket)).toEqual([{ usage: null }]);
  });
});
