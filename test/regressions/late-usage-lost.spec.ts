import { PublishPlan } from '#catalog/plan/publish-plan.js';
import type { Engine } from '#event-sourcing/testing/engine.js';
import { decimal } from '#kernel/decimal.js';
import { type AccountId, hashedId, newId, type SubscriptionId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { UsageStore } from '#metering/usage-store.js';
import { ParkAccount } from '#payments/account-hold/park-account.js';
import { ReleaseAccount } from '#payments/account-hold/release-account.js';
import { HoldTimers } from '#payments/jobs/hold-timers.job.js';
import { SettleLateUsage } from '#subscriptions/subscription/settle-late-usage.js';
import { StartSubscription } from '#subscriptions/subscription/start-subscription.js';
import { openAccount } from './customer.js';
import { VariedEngine } from './variants.js';

// What others have lost: usage that came while its period was billed, or after it (killbill #876 and #964, lago #122).

const BUCKET = 11;
const planId = hashedId<'plan'>('plan/late-usage-lost');
const FEBRUARY = '2026-02-28T12:00:00.000Z';
const WEEK_OVER = '2026-03-07T12:00:00.000Z';

let varied: VariedEngine;
let engine: Engine;
let accountId: AccountId;
let subscriptionId: SubscriptionId;
beforeEach(async () => {
  varied = await VariedEngine.start();
  engine = varied.engine;
  engine.jobs.register(new HoldTimers(engine.database, engine.accountTimers));
  engine.clock.set('2026-01-31T12:00:00.000Z');
  const meter = { metric: 'calls', aggregation: 'sum' } as const;
  await engine.send(PublishPlan, {
    ...{ planId, code: 'metered', name: 'Metered', interval: { unit: 'month', count: 1 }, trialDays: 0, metadata: {} },
    prices: [
      {
        ...{ code: 'calls', kind: 'usage', model: 'perUnit', meter, taxCode: null, taxBehavior: 'exclusive' },
        currencies: { USD: { unitAmount: '2' } },
      },
    ],
  });
  accountId = await openAccount(engine, BUCKET);
  subscriptionId = newId(BUCKET);
  await engine.send(StartSubscription, {
    ...{ subscriptionId, accountId, planId, quantity: null, trialDays: null, startAt: null, anchorDay: null, metadata: {} },
  });
});
afterEach(() => varied.stop());

async function report(key: string, of: Engine = engine): Promise<string> {
  const event = { subscriptionId, metric: 'calls', quantity: decimal('1'), properties: {}, idempotencyKey: key };
  const [admission] = await new UsageStore(of.database, of.clock).report([{ ...event, timestamp: instant('2026-02-20T00:00:00Z') }]);
  return admission!.status === 'refused' ? admission!.refusal.code : admission!.status;
}

async function letDue(moment: string, of: Engine = engine): Promise<void> {
  of.clock.set(moment);
  while ((await of.timers.fireDue(BUCKET)) > 0);
}

/** What each document says of usage: how many calls it adds to what was billed. */
const billed = async () =>
  (
    await engine.rows<{ kind: string; calls: string }>(
      `select e.payload->>'kind' as kind, sum(l.quantity * case when l."reversesLineId" is null then 1 else -1 end) as calls
         from es.event e, json_to_recordset(e.payload->'lines') as l (quantity numeric, "reversesLineId" text)
        where e.event_type = 'InvoiceIssued' group by e.pos, 1 order by e.pos`,
    )
  ).map(({ kind, calls }) => `${calls} ${kind}`);

describe('Usage', () => {
  it('that comes while its period is being billed is billed with it or a week later, each event once', async () => {
    const another = await varied.another();
    engine.clock.set(FEBRUARY);
    another.clock.set(FEBRUARY);
    const reports = Array.from({ length: 30 }, (_, index) => report(`key ${index}`, index % 2 > 0 ? another : engine));
    await Promise.all([...reports, letDue(FEBRUARY)]);
    expect(new Set(await Promise.all(reports))).toEqual(new Set(['accepted']));
    await letDue(WEEK_OVER);
    const calls = (await billed()).map((each) => Number.parseInt(each, 10));
    expect(calls.reduce((sum, each) => sum + each, 0)).toBe(30);
  });

  it('that comes while it is being settled is in it or is refused', async () => {
    await letDue(FEBRUARY);
    const another = await varied.another();
    another.clock.set('2026-03-07T11:59:59.999Z');
    const reports = Array.from({ length: 30 }, (_, index) => report(`key ${index}`, another));
    await Promise.all([...reports, letDue(WEEK_OVER)]);
    const accepted = (await Promise.all(reports)).filter((status) => status === 'accepted').length;
    expect(await billed()).toEqual(accepted > 0 ? [`${accepted} lateUsage`] : []);
    expect(await report('later', another)).toBe('usage_window_closed');
  });

  it('is settled once by two workers at a time, and once however often it is asked for', async () => {
    await letDue(FEBRUARY);
    await report('late');
    const another = await varied.another();
    await Promise.all([letDue(WEEK_OVER), letDue(WEEK_OVER, another)]);
    await Promise.all([engine, another].map((each) => each.send(SettleLateUsage, { subscriptionId, number: 1 })));
    expect(await billed()).toEqual(['1 lateUsage']);
    expect(await engine.rows(`select 1 from es.event where event_type = 'UsageSettled'`)).toHaveLength(1);
  });

  it('of a parked account is refused when its week is over, and settled when the account is released', async () => {
    await letDue(FEBRUARY);
    await report('late');
    await engine.send(ParkAccount, { accountId, reason: 'by_hand', details: 'spec' });
    await engine.jobs.runDue(16);
    engine.clock.set('2026-03-01T00:00:00Z');
    expect(await report('while parked')).toBe('accepted');
    await letDue('2026-03-08T00:00:00Z');
    expect(await report('too late')).toBe('usage_window_closed');
    expect(await billed()).toEqual([]);
    await engine.send(ReleaseAccount, { accountId, reason: 'looked at' });
    await engine.jobs.runDue(16);
    await letDue('2026-03-09T00:00:00Z');
    expect(await billed()).toEqual(['2 lateUsage']);
    const [issued] = await engine.rows<{ at: string }>(
      `select payload->>'issuedAt' as at from es.event where event_type = 'InvoiceIssued'`,
    );
    expect(issued).toEqual({ at: WEEK_OVER });
  });
});
