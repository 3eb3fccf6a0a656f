import type { Engine } from '#event-sourcing/testing/engine.js';
import type { AccountId, SubscriptionId } from '#kernel/ids.js';
import { newId } from '#kernel/ids.js';
import { RUN_REFUSED } from '#payments/account-hold/admit-run.js';
import { ParkAccount } from '#payments/account-hold/park-account.js';
import { ReleaseAccount } from '#payments/account-hold/release-account.js';
import { HoldTimers } from '#payments/jobs/hold-timers.job.js';
import { CancelSubscription } from '#subscriptions/subscription/cancel-subscription.js';
import { StartSubscription } from '#subscriptions/subscription/start-subscription.js';
import { invoicesByPeriod, openAccount, planId, publishPlan, subscribe } from './customer.js';
import { type Variant, VariedEngine } from './variants.js';

const BUCKET = 9;
const JANUARY = '2026-01-31T12:00:00.000Z';
const FEBRUARY = '2026-02-28T12:00:00.000Z';
const MARCH = '2026-03-31T11:00:00.000Z';

let varied: VariedEngine;
let engine: Engine;
afterEach(() => varied.stop());

async function aCustomer(variant: Variant = {}): Promise<AccountId> {
  varied = await VariedEngine.start(variant);
  engine = varied.engine;
  engine.jobs.register(new HoldTimers(engine.database, engine.accountTimers));
  await publishPlan(engine);
  return openAccount(engine, BUCKET);
}

const park = (accountId: AccountId) => engine.send(ParkAccount, { accountId, reason: 'by_hand', details: 'spec' });
const release = (accountId: AccountId) => engine.send(ReleaseAccount, { accountId, reason: 'looked at' });
const aside = () => engine.rows('select name, set_aside_reason as reason from es.timer where set_aside_at is not null');
const billed = (subscriptionId: SubscriptionId) => invoicesByPeriod(engine, subscriptionId);

async function letDue(moment: string): Promise<void> {
  engine.clock.set(moment);
  while ((await engine.timers.fireDue(BUCKET)) > 0);
}

async function onTrial(accountId: AccountId): Promise<SubscriptionId> {
  const subscriptionId: SubscriptionId = newId(BUCKET);
  await engine.send(StartSubscription, {
    ...{ subscriptionId, accountId, planId, quantity: 1, trialDays: 28, startAt: null, anchorDay: null, metadata: {} },
  });
  return subscriptionId;
}

describe('The timers of a parked account', () => {
  it('are set aside at once, and bill what they missed after the release', async () => {
    const accountId = await aCustomer();
    const subscriptionId = await subscribe(engine, accountId, BUCKET);
    await park(accountId);
    await engine.jobs.runDue(16);
    expect(await aside()).toEqual([{ name: 'renewal', reason: 'account_parked' }]);
    await letDue(MARCH);
    expect(await billed(subscriptionId)).toEqual({ [JANUARY]: 1 });
    await release(accountId);
    await engine.jobs.runDue(16);
    await letDue(MARCH);
    expect(await billed(subscriptionId)).toEqual({ [JANUARY]: 1, [FEBRUARY]: 1, [MARCH]: 1 });
  });

  it('bill nothing when they fall due before they could be set aside', async () => {
    const accountId = await aCustomer();
    const subscriptionId = await subscribe(engine, accountId, BUCKET);
    await park(accountId);
    await letDue(FEBRUARY);
    expect(await billed(subscriptionId)).toEqual({ [JANUARY]: 1 });
    expect(await aside()).toEqual([{ name: 'renewal', reason: RUN_REFUSED }]);
  });

  it('bill nothing when they were set while it was parked, by a start or by a trial, and everything after the release', async () => {
    const accountId = await aCustomer();
    await park(accountId);
    await engine.jobs.runDue(16);
    const started = await subscribe(engine, accountId, BUCKET);
    const trial = await onTrial(accountId);
    await engine.jobs.runDue(16);
    await letDue(MARCH);
    expect(await billed(started)).toEqual({ [JANUARY]: 1 });
    expect(await billed(trial)).toEqual({});
    expect(await aside()).toEqual(['renewal', 'trial-end'].map((name) => ({ name, reason: RUN_REFUSED })));
    expect(engine.reported.map(({ what }) => what)).toEqual(['timer-set-aside', 'timer-set-aside']);
    await release(accountId);
    await engine.jobs.runDue(16);
    expect(await aside()).toEqual([]);
    await letDue(MARCH);
    expect(await billed(started)).toEqual({ [JANUARY]: 1, [FEBRUARY]: 1, [MARCH]: 1 });
    expect(await billed(trial)).toEqual({ [FEBRUARY]: 1, '2026-03-28T11:00:00.000Z': 1 });
  });

  it('hold up nobody else in the batch', async () => {
    const accountId = await aCustomer();
    const parked = await subscribe(engine, accountId, BUCKET);
    const others = [];
    for (let count = 0; count < 3; count += 1) others.push(await subscribe(engine, await openAccount(engine, BUCKET), BUCKET));
    await park(accountId);
    await letDue(FEBRUARY);
    for (const other of others) expect(await billed(other)).toEqual({ [JANUARY]: 1, [FEBRUARY]: 1 });
    expect(await billed(parked)).toEqual({ [JANUARY]: 1 });
  });

  it('do not keep a person from what he asks for', async () => {
    const accountId = await aCustomer();
    const subscriptionId = await subscribe(engine, accountId, BUCKET);
    await park(accountId);
    await engine.send(CancelSubscription, { subscriptionId, ends: 'now' });
    expect(await engine.rows('select name from es.timer')).toEqual([]);
  });

  it('would bill if their runs were not asked about, which shows that it is this that stops them', async () => {
    const accountId = await aCustomer({ decisions: { AdmitRun: () => [] } });
    await park(accountId);
    await engine.jobs.runDue(16);
    const started = await subscribe(engine, accountId, BUCKET);
    await letDue(FEBRUARY);
    expect(await billed(started)).toEqual({ [JANUARY]: 1, [FEBRUARY]: 1 });
  });
});
