import { whenever } from '#event-sourcing/reaction.js';
import type { Engine } from '#event-sourcing/testing/engine.js';
import { IssueInvoice } from '#invoicing/invoice/issue-invoice.js';
import { bucketOf, newId, type SubscriptionId } from '#kernel/ids.js';
import { PeriodStarted } from '#subscriptions/contract.js';
import { RenewSubscription } from '#subscriptions/subscription/renew-subscription.js';
import { cycleGoesOn } from '#subscriptions/subscription/subscription.policies.js';
import type { Active } from '#subscriptions/subscription/subscription.state.js';
import { invoicesByPeriod, openAccount, publishPlan, subscribe } from './customer.js';
import { type Variant, VariedEngine } from './variants.js';

const BUCKET = 42;
const running: VariedEngine[] = [];
afterEach(async () => {
  for (const varied of running.splice(0)) await varied.stop();
});

async function subscribed(variant: Variant = {}): Promise<{ varied: VariedEngine; engine: Engine; subscriptionId: SubscriptionId }> {
  const varied = await VariedEngine.start(variant);
  running.push(varied);
  const { engine } = varied;
  await publishPlan(engine);
  const subscriptionId = await subscribe(engine, await openAccount(engine, BUCKET), BUCKET);
  return { varied, engine, subscriptionId };
}

/** Whoever asks for a renewal gets it, as of a system whose renewals are not named by their period. */
const renewsWhenAsked: Variant['decisions'] = {
  RenewSubscription: (data, state) => {
    const { current, ...subscription } = state as Active;
    const { number } = data as { number: number };
    return cycleGoesOn({ ...subscription, current: { ...current, number: number - 1, index: number - 2 } }, null);
  },
};

/** An invoice is another one each time it is asked for, as of a system whose ids come from a sequence. */
const invoicesOfNoPeriod: Variant['reactions'] = {
  invoicing: {
    issueInvoiceWhenSomethingIsBilled: whenever([PeriodStarted], 'with', ({ data: { subscriptionId, accountId, bill } }) => [
      new IssueInvoice({ accountId, bill: bill!, invoiceId: newId(bucketOf(subscriptionId)) }),
    ]),
  },
};

const FEBRUARY = '2026-02-28T12:00:00.000Z';
const once = { '2026-01-31T12:00:00.000Z': 1, [FEBRUARY]: 1 };

async function renewTwice(engine: Engine, subscriptionId: SubscriptionId): Promise<void> {
  engine.clock.set(FEBRUARY);
  for (let time = 0; time < 2; time += 1) await engine.send(RenewSubscription, { subscriptionId, number: 2 });
}

describe('The same period billed twice (lago-api #875, #958, #1868, #1988, #2681, #4795, #6322)', () => {
  it('does not happen when two runs overlap on the same customers', async () => {
    const { varied, engine, subscriptionId } = await subscribed();
    engine.clock.set(FEBRUARY);
    const others = await Promise.all([varied.another(), varied.another(), varied.another()]);
    await Promise.all([engine, ...others].map(({ timers }) => timers.fireDue(BUCKET)));
    for (const { timers } of others) await timers.fireDue(BUCKET);
    expect(await invoicesByPeriod(engine, subscriptionId)).toEqual(once);
  });

  it('does not happen when a run is repeated because nobody knows whether it was done', async () => {
    const { engine, subscriptionId } = await subscribed();
    await renewTwice(engine, subscriptionId);
    expect(await invoicesByPeriod(engine, subscriptionId)).toEqual(once);
  });

  it('does not happen when 20 retries of a renewal come at once', async () => {
    const { engine, subscriptionId } = await subscribed();
    engine.clock.set(FEBRUARY);
    await Promise.allSettled(Array.from({ length: 20 }, () => engine.send(RenewSubscription, { subscriptionId, number: 2 })));
    expect(await invoicesByPeriod(engine, subscriptionId)).toEqual(once);
  });

  it('is kept away by the name of the invoice alone, when a renewal is done whenever it is asked for', async () => {
    const { engine, subscriptionId } = await subscribed({ decisions: renewsWhenAsked });
    await renewTwice(engine, subscriptionId);
    expect(await invoicesByPeriod(engine, subscriptionId)).toEqual(once);
  });

  it('is kept away by it in a run of timers as well, which does not look for the invoice first', async () => {
    const { engine, subscriptionId } = await subscribed({ decisions: renewsWhenAsked });
    const timers = () =>
      engine.rows<{ due_at: Date; data: object; set_aside_at: Date | null }>(
        'select due_at, data, set_aside_at from es.timer where stream_id = $1',
        [subscriptionId],
      );
    const [renewal] = await timers();
    engine.clock.set(FEBRUARY);
    expect(await engine.timers.fireDue(BUCKET)).toBe(1);
    await engine.rows('update es.timer set due_at = $2, data = $3 where stream_id = $1', [subscriptionId, renewal!.due_at, renewal!.data]);
    expect(await engine.timers.fireDue(BUCKET)).toBe(1);
    expect(await invoicesByPeriod(engine, subscriptionId)).toEqual(once);
    expect(await timers()).toMatchObject([{ set_aside_at: null }]);
  });

  it('is kept away by the name of the renewal alone, when every invoice is a new one', async () => {
    const { engine, subscriptionId } = await subscribed({ reactions: invoicesOfNoPeriod });
    await renewTwice(engine, subscriptionId);
    expect(await invoicesByPeriod(engine, subscriptionId)).toEqual(once);
  });

  it('happens when both guards are taken out, which shows that it is they who keep it away', async () => {
    const { engine, subscriptionId } = await subscribed({ decisions: renewsWhenAsked, reactions: invoicesOfNoPeriod });
    await renewTwice(engine, subscriptionId);
    expect(await invoicesByPeriod(engine, subscriptionId)).toEqual({ ...once, [FEBRUARY]: 2 });
  });
});
