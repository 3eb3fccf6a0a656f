import { specification } from '#event-sourcing/testing/specification.js';
import { instant } from '#kernel/instant.js';
import type { Price } from '#pricing/price.js';
import { cancelSubscription } from './cancel-subscription.js';
import { endTrial } from './end-trial.js';
import { renewSubscription } from './renew-subscription.js';
import { StartSubscription, startSubscription } from './start-subscription.js';
import { SubscriptionDecider } from './subscription.decider.js';
import type { SubscriptionEvent } from './subscription.events.js';
import {
  anActive,
  basePrice,
  charged,
  ended,
  january31,
  nothingMetered,
  period,
  periodOf,
  proFacts,
  started,
  startPro,
  subscriptionId,
} from './subscription.examples.js';
import { cycleBegins } from './subscription.policies.js';
import { type Active, evolve, type Subscription } from './subscription.state.js';

const { given } = specification(SubscriptionDecider);
const now = january31;

describe('US3: starting a subscription', () => {
  it('anchors the cycle and begins the first period at once', () => {
    given().when(new StartSubscription(startPro), { now, facts: proFacts }).then(started(), period(1));
  });

  it('begins with the trial of the plan', () => {
    const facts = { ...proFacts, plan: { ...proFacts.plan!, trialDays: 14 } };
    given()
      .when(new StartSubscription(startPro), { now, facts })
      .then(started(instant('2026-02-14T15:00:00Z')));
  });

  it('lets the caller leave the trial out', () => {
    const facts = { ...proFacts, plan: { ...proFacts.plan!, trialDays: 14 } };
    given()
      .when(new StartSubscription({ ...startPro, trialDays: 0 }), { now, facts })
      .then(started(), period(1));
  });

  it('does nothing the second time', () => {
    given(anActive()).when(new StartSubscription(startPro), { now, facts: proFacts }).thenNothing();
  });

  it('refuses an account that does not exist', () => {
    given()
      .when(new StartSubscription(startPro), { now, facts: { ...proFacts, account: null } })
      .thenRefused('account_not_found');
  });

  it('refuses a closed account', () => {
    given()
      .when(new StartSubscription(startPro), { now, facts: { ...proFacts, account: { ...proFacts.account!, closed: true } } })
      .thenRefused('account_closed');
  });

  it('refuses a plan that does not exist', () => {
    given()
      .when(new StartSubscription(startPro), { now, facts: { ...proFacts, plan: null } })
      .thenRefused('plan_not_found');
  });

  it('refuses a retired plan', () => {
    given()
      .when(new StartSubscription(startPro), { now, facts: { ...proFacts, plan: { ...proFacts.plan!, active: false } } })
      .thenRefused('plan_retired');
  });

  it('refuses a plan without a price in the currency of the account', () => {
    const facts = { ...proFacts, account: { ...proFacts.account!, currency: 'EUR' as const } };
    given().when(new StartSubscription(startPro), { now, facts }).thenRefused('currency_mismatch');
  });

  it('says what is wrong with the plan of the field that named it', () => {
    const context = { now, facts: { ...proFacts, plan: null } };
    const refused = (data: typeof startPro & { planCode?: string }) => () => startSubscription(data, { status: 'absent' }, context);
    expect(refused(startPro)).toThrow(expect.objectContaining({ pointer: '/planId' }));
    expect(refused({ ...startPro, planCode: 'pro' })).toThrow(expect.objectContaining({ pointer: '/planCode' }));
  });

  it('refuses a quantity that costs more than can be kept exactly', () => {
    const price = { ...proFacts.plan!.prices[0]!, model: 'perUnit' as const, currencies: { USD: { unitAmount: '9007199254740991' } } };
    const facts = { ...proFacts, plan: { ...proFacts.plan!, prices: [price] } };
    given()
      .when(new StartSubscription({ ...startPro, quantity: 2 }), { now, facts })
      .thenRefused('charge_too_large');
  });

  it('refuses a start so long ago that it must be a slip', () => {
    given()
      .when(new StartSubscription({ ...startPro, startAt: instant('2016-01-31T15:00:00Z') }), { now, facts: proFacts })
      .thenRefused('start_at_too_old');
  });

  it('refuses a start in the future', () => {
    given()
      .when(new StartSubscription({ ...startPro, startAt: instant('2026-03-01T00:00:00Z') }), { now, facts: proFacts })
      .thenRefused('start_at_in_future');
  });

  it('charges a first period that is cut short by the days it has', () => {
    const command = new StartSubscription({ ...startPro, anchorDay: 10 });
    const events = SubscriptionDecider.decisions
      .find(({ command: { type } }) => type === command.type)!
      .decide(command.data, { status: 'absent' }, { now, facts: proFacts });
    expect(events.at(-1)!.data).toMatchObject({
      period: { start: january31, end: '2026-02-10T15:00:00.000Z' },
      bill: { charges: [{ proration: { numerator: '10', denominator: '31', unit: 'day' }, amount: { amount: 935n } }] },
    });
  });

  it('bills what was due since a start in the past with the period that is running, a charge for each', () => {
    const april10 = instant('2026-04-10T00:00:00Z');
    given()
      .when(new StartSubscription({ ...startPro, startAt: january31 }), { now: april10, facts: proFacts })
      .then(
        started(),
        period(1, january31, []),
        ended(1),
        period(2, january31, []),
        ended(2),
        period(
          3,
          january31,
          [1, 2, 3].map((number) => charged(basePrice, number)),
        ),
      );
  });

  it('lets a trial pass that is over already', () => {
    const trialEnd = instant('2026-02-14T15:00:00Z');
    const facts = { ...proFacts, plan: { ...proFacts.plan!, trialDays: 14 } };
    given()
      .when(new StartSubscription({ ...startPro, startAt: january31 }), { now: instant('2026-02-20T00:00:00Z'), facts })
      .then(started(trialEnd), period(1, trialEnd));
  });

  describe('to a plan with a price per unit, and a setup fee', () => {
    const base = proFacts.plan!.prices[0]!;
    const seats: Price = { ...base, code: 'seats', name: 'Seats', model: 'perUnit', currencies: { USD: { unitAmount: '900' } } };
    const setup: Price = { ...base, code: 'setup', kind: 'oneTime', currencies: { USD: { amount: '5000' } } };
    const facts = { ...proFacts, plan: { ...proFacts.plan!, prices: [base, seats, setup] } };
    const decided = (data: Partial<StartSubscription['data']>) =>
      startSubscription({ ...startPro, ...data }, { status: 'absent' }, { now, facts });
    const amounts = (event: SubscriptionEvent): unknown =>
      'bill' in event.data && event.data.bill?.charges.map(({ priceCode, quantity, amount }) => [priceCode, quantity, amount.amount]);

    it('makes an item of what can be counted, and takes the quantity for it', () => {
      const [start, begun] = decided({ quantity: 5 });
      expect(start!.data).toMatchObject({ items: [{ priceCode: 'seats', quantity: '5' }] });
      expect(amounts(begun!)).toEqual([
        ['base', '1', 2900n],
        ['seats', '5', 4500n],
        ['setup', '1', 5000n],
      ]);
    });

    it('takes one where nothing is said, and the quantity of an item before the one for all', () => {
      expect(decided({})[0]!.data).toMatchObject({ items: [{ priceCode: 'seats', quantity: '1' }] });
      const items = [{ priceCode: 'seats', quantity: 7 }];
      expect(decided({ quantity: 5, items })[0]!.data).toMatchObject({ items: [{ priceCode: 'seats', quantity: '7' }] });
    });

    it('charges the fee once, at the start, even where a trial comes first', () => {
      const [start, ...rest] = decided({ trialDays: 14 });
      expect(amounts(start!)).toEqual([['setup', '1', 5000n]]);
      expect(rest).toEqual([]);
      const trial = evolve({ status: 'absent' }, start!);
      const [begun] = endTrial({ subscriptionId }, trial, { now: instant('2026-02-14T15:00:00Z'), facts: nothingMetered });
      expect(amounts(begun!)).toEqual([
        ['base', '1', 2900n],
        ['seats', '1', 900n],
      ]);
    });

    it('lets the fee wait for the end of the trial where the price says so', () => {
      const waiting = { ...facts, plan: { ...facts.plan, prices: [base, { ...setup, billedAt: 'trialEnd' as const }] } };
      const [start] = startSubscription({ ...startPro, trialDays: 14 }, { status: 'absent' }, { now, facts: waiting });
      expect(start!.data).toMatchObject({ bill: null });
      const trial = evolve({ status: 'absent' }, start!);
      const [begun] = endTrial({ subscriptionId }, trial, { now: instant('2026-02-14T15:00:00Z'), facts: nothingMetered });
      expect(amounts(begun!)).toEqual([
        ['base', '1', 2900n],
        ['setup', '1', 5000n],
      ]);
    });

    it('never charges the fee again in the life of the subscription, even when a cycle begins anew', () => {
      const running = decided({}).reduce(evolve, { status: 'absent' } as Subscription);
      const [begun] = cycleBegins(running as Active, instant('2026-03-05T00:00:00Z'), instant('2026-03-05T00:00:00Z'), null, 2);
      expect(begun!.data).toMatchObject({ number: 2, index: 0 });
      expect(amounts(begun!)).toEqual([
        ['base', '1', 2900n],
        ['seats', '1', 900n],
      ]);
    });

    it.each([
      ['unknown to the plan', 'nope', 'item_unknown'],
      ['without a quantity', 'base', 'quantity_not_taken'],
    ])('refuses an item that is %s', (_, priceCode, code) => {
      given()
        .when(new StartSubscription({ ...startPro, items: [{ priceCode, quantity: 2 }] }), { now, facts })
        .thenRefused(code);
    });

    it('refuses an item that is named twice', () => {
      const items = [2, 3].map((quantity) => ({ priceCode: 'seats', quantity }));
      given()
        .when(new StartSubscription({ ...startPro, items }), { now, facts })
        .thenRefused('item_unknown');
    });
  });

  it('refuses a quantity that would be ignored, but not the one that is meant anyway', () => {
    given()
      .when(new StartSubscription({ ...startPro, quantity: 5 }), { now, facts: proFacts })
      .thenRefused('quantity_not_taken');
    given()
      .when(new StartSubscription({ ...startPro, quantity: 1 }), { now, facts: proFacts })
      .then(started(), period(1));
  });

  it('bills nothing where a plan has nothing to charge in advance', () => {
    const [price] = proFacts.plan!.prices;
    const facts = { ...proFacts, plan: { ...proFacts.plan!, prices: [{ ...price!, billing: 'arrears' as const }] } };
    const events = startSubscription(startPro, { status: 'absent' }, { now, facts });
    expect(events.at(-1)!.data).toMatchObject({ number: 1, bill: null });
    const active = events.reduce(evolve, { status: 'absent' } as Subscription);
    const renewed = renewSubscription({ subscriptionId, number: 2 }, active, { now: periodOf(1).end, facts: nothingMetered });
    expect(renewed.map(({ data }) => ('bill' in data ? data.bill : undefined))).toMatchObject([
      null,
      { cause: 'period/2', charges: [{ period: periodOf(1), amount: { amount: 2900n } }] },
    ]);
    const early = cancelSubscription({ subscriptionId, ends: 'now' }, active, {
      now: instant('2026-02-09T20:00:00Z'),
      facts: nothingMetered,
    });
    expect(early[0]!.data).toMatchObject({
      bill: { cause: 'period/1/end', charges: [{ proration: { numerator: '10', denominator: '28' }, amount: { amount: 1036n } }] },
    });
  });
});
