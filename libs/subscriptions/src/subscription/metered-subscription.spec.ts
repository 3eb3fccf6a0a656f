import { fold } from '#event-sourcing/decider.js';
import { specification } from '#event-sourcing/testing/specification.js';
import { decimal } from '#kernel/decimal.js';
import { instant } from '#kernel/instant.js';
import { FeeTotals, feeKey } from '#metering/fee-totals.js';
import { UsageTotals } from '#metering/usage-totals.js';
import { noFees } from '#pricing/models/fee-counts.js';
import type { AgreedPrice, Price } from '#pricing/price.js';
import { CancelSubscription, cancelSubscription } from './cancel-subscription.js';
import { EndTrial, endTrial } from './end-trial.js';
import { RenewSubscription, renewSubscription } from './renew-subscription.js';
import { startSubscription } from './start-subscription.js';
import { SubscriptionDecider } from './subscription.decider.js';
import { CancellationScheduled, type SubscriptionEvent } from './subscription.events.js';
import {
  accountId,
  aMetered,
  aRenewed,
  aTrial,
  basePrice,
  callsPrice,
  canceled,
  charged,
  january31,
  meteredTerms,
  nothingMetered,
  period,
  periodOf,
  proFacts,
  proTerms,
  started,
  startPro,
  storagePrice,
  subscriptionId,
} from './subscription.examples.js';

const { given } = specification(SubscriptionDecider);
const endOfFebruary = periodOf(1).end;
const using = (calls: string, gigabytes: string, start = january31) => ({
  usage: UsageTotals.from([
    [callsPrice.meter, start, calls],
    [storagePrice.meter, start, gigabytes],
  ]),
});
const charges = (events: readonly SubscriptionEvent[]) => events.flatMap(({ data }) => ('bill' in data ? (data.bill?.charges ?? []) : []));
const billed = (events: readonly SubscriptionEvent[]) =>
  charges(events)
    .filter(({ kind }) => kind === 'usage')
    .map(({ priceCode, quantity, amount }) => [priceCode, quantity, Number(amount.amount)]);

/** What the renewal bills of a plan with these prices. */
const renewed = (prices: readonly AgreedPrice[], usage = UsageTotals.none) =>
  renewSubscription({ subscriptionId, number: 2 }, fold(SubscriptionDecider, aMetered({ ...proTerms, prices })), {
    now: endOfFebruary,
    facts: { usage },
  });

describe('What was used of a period', () => {
  const february = [
    charged(callsPrice, 1, null, periodOf(1), decimal('1500')),
    charged(storagePrice, 1, null, periodOf(1), decimal('400.5')),
  ];
  const renewal = new RenewSubscription({ subscriptionId, number: 2 });

  it('is billed with the next one, each meter by its own price', () => {
    expect(february.map(({ name, kind, amount }) => [name, kind, amount.amount])).toEqual([
      ['Calls', 'usage', 625n],
      ['Storage', 'usage', 4005n],
    ]);
    given(aMetered())
      .when(renewal, { now: endOfFebruary, facts: using('1500', '400.5') })
      .then(...aRenewed(...february).slice(-2));
  });

  it('is that of the period that ends, and not what was used since', () => {
    const facts = using('1500', '400.5', periodOf(2).start);
    const events = renewSubscription(renewal.data, fold(SubscriptionDecider, aMetered()), { now: instant('2026-03-02T00:00:00Z'), facts });
    expect(billed(events)).toEqual([['storage', '0', 2800]]);
  });

  it('is billed once more when the subscription ends with its period, with nothing to come', () => {
    const events = [...aMetered(), new CancellationScheduled({ subscriptionId, accountId, endsAt: endOfFebruary })];
    const decided = renewSubscription(renewal.data, fold(SubscriptionDecider, events), {
      now: endOfFebruary,
      facts: using('1500', '400.5'),
    });
    expect(decided.map(({ type }) => type)).toEqual(['PeriodEnded', 'SubscriptionCanceled']);
    expect(charges(decided)).toEqual(february);
  });

  it('makes no line where it is nothing and costs nothing', () => {
    expect(billed(renewed([basePrice, callsPrice]))).toEqual([]);
    expect(renewed([callsPrice]).at(-1)!.data).toMatchObject({ number: 2, bill: null });
  });

  it('makes a line where it is free, so that it is seen', () => {
    const free = { ...storagePrice, terms: { unitAmount: '10', freeUnits: '500' } };
    expect(billed(renewed([free], using('0', '400').usage))).toEqual([['storage', '400', 0]]);
  });

  it('costs the flat fee of the first tier even where it is nothing', () => {
    const withFee = { ...callsPrice, terms: { tiers: [{ upTo: null, unitAmount: '0.5', flatAmount: '900' }] } };
    expect(billed(renewed([withFee]))).toEqual([['calls', '0', 900]]);
  });

  it('costs what nothing costs where more was taken back than used, and says so', () => {
    expect(billed(renewed([callsPrice, storagePrice], using('-5', '-2').usage))).toEqual([
      ['calls', '-5', 0],
      ['storage', '-2', 2800],
    ]);
  });

  it('is shared by two prices whose meters say the same', () => {
    const again = { ...callsPrice, code: 'support', terms: { tiers: [{ upTo: null, unitAmount: '1' }] } };
    expect(billed(renewed([callsPrice, again], using('10', '0').usage))).toEqual([
      ['calls', '10', 5],
      ['support', '10', 10],
    ]);
  });

  it('costs a percentage of each event, by what was counted of them as they came', () => {
    const { rate, fixedAmount } = { rate: '2.9', fixedAmount: '30' };
    const volume = { ...callsPrice, code: 'volume', model: 'percentage', terms: { rate, fixedAmount } } as const;
    const counts = { ...noFees, events: '3', amount: '1500', chargedEvents: '3', chargedAmount: '1500' };
    const fees = FeeTotals.from([[feeKey(volume), january31, counts]]);
    const events = renewed([volume], UsageTotals.from([[callsPrice.meter, january31, '1500']], fees));
    expect(billed(events)).toEqual([['volume', '1500', 134]]);
    expect(charges(events)[0]).toMatchObject({ feeCounts: counts, unitAmount: null, exactAmount: '133.5' });
    expect(billed(renewed([volume]))).toEqual([]);
  });

  it('is never billed unread: the renewal fails where its usage was not read', () => {
    const state = fold(SubscriptionDecider, aMetered());
    expect(() => renewSubscription(renewal.data, state, { now: endOfFebruary, facts: nothingMetered })).toThrow('not read');
  });
});

describe('What was used of a subscription that is canceled', () => {
  const now = instant('2026-02-09T20:00:00Z');

  it('now, is billed with its end, where only the minimum is prorated', () => {
    const part = { numerator: '10', denominator: '28', unit: 'day' } as const;
    const events = cancelSubscription({ subscriptionId, ends: 'now' }, fold(SubscriptionDecider, aMetered()), {
      now,
      facts: using('1500', '7'),
    });
    expect(billed(events)).toEqual([
      ['calls', '1500', 625],
      ['storage', '7', 1000],
    ]);
    expect(charges(events).map(({ period, proration }) => [period, proration])).toEqual([
      [{ start: january31, end: now }, null],
      [{ start: january31, end: now }, part],
    ]);
  });

  it('at the end of its period, is not billed yet', () => {
    given(aMetered())
      .when(new CancelSubscription({ subscriptionId, ends: 'at-period-end' }), { now, facts: nothingMetered })
      .then(new CancellationScheduled({ subscriptionId, accountId, endsAt: endOfFebruary }));
  });

  it('in its trial, is not billed', () => {
    given(aTrial(meteredTerms))
      .when(new CancelSubscription({ subscriptionId, ends: 'now' }), { now, facts: nothingMetered })
      .then(canceled(now));
  });
});

describe('What was used since a trial', () => {
  const trialEnd = instant('2026-02-14T15:00:00Z');
  const trial = fold(SubscriptionDecider, aTrial(meteredTerms));

  it('ends it without a line: what was used in the trial is not billed', () => {
    given(aTrial(meteredTerms)).when(new EndTrial({ subscriptionId }), { now: trialEnd, facts: nothingMetered }).then(period(1, trialEnd));
  });

  it('is billed for each period that is over when the end of the trial is noticed late', () => {
    const [first, second] = [periodOf(1, trialEnd), periodOf(2, trialEnd)];
    const usage = UsageTotals.from([
      [callsPrice.meter, january31, '9999'],
      [callsPrice.meter, first.start, '10'],
      [callsPrice.meter, second.start, '20'],
      [storagePrice.meter, second.start, '300'],
    ]);
    const events = endTrial({ subscriptionId }, trial, { now: second.end, facts: { usage } });
    expect(billed(events)).toEqual([
      ['calls', '10', 5],
      ['storage', '0', 2800],
      ['calls', '20', 10],
      ['storage', '300', 3000],
    ]);
    expect(events.at(-1)!.data).toMatchObject({ number: 3, bill: { cause: 'period/3' } });
  });
});

describe('What was used of a period that is over', () => {
  const ends = (events: readonly SubscriptionEvent[]) => events.flatMap((event) => (event.type === 'PeriodEnded' ? [event.data] : []));

  it('may come for seven days of the customer, whatever the clocks do meanwhile', () => {
    const early = instant('2026-03-01T15:00:00Z');
    const events = [started(null, meteredTerms), period(1, early)];
    const renewal = renewSubscription({ subscriptionId, number: 2 }, fold(SubscriptionDecider, events), {
      now: instant('2026-04-01T14:00:00Z'),
      facts: { usage: UsageTotals.none },
    });
    expect(ends(renewal)).toMatchObject([{ lateUsage: { until: '2026-04-08T14:00:00.000Z', part: null } }]);
    const canceled = cancelSubscription({ subscriptionId, ends: 'now' }, fold(SubscriptionDecider, events), {
      // At two in the morning of the next day New York sets its clocks forward.
      now: instant('2026-03-07T15:00:00Z'),
      facts: { usage: UsageTotals.none },
    });
    const part = { numerator: '7', denominator: '31', unit: 'day' };
    expect(ends(canceled)).toMatchObject([{ lateUsage: { until: '2026-03-14T14:00:00.000Z', part } }]);
  });

  it('is not waited for where nothing is metered', () => {
    const events = [started(), period(1)];
    const renewal = renewSubscription({ subscriptionId, number: 2 }, fold(SubscriptionDecider, events), {
      now: endOfFebruary,
      facts: nothingMetered,
    });
    expect(ends(renewal)).toMatchObject([{ lateUsage: null }]);
  });
});

describe('A metered plan', () => {
  const priced = ({ terms, ...price }: AgreedPrice): Price => ({ ...price, currencies: { USD: terms } });
  const facts = { ...proFacts, plan: { ...proFacts.plan!, prices: meteredTerms.prices.map(priced) } };

  it('takes no quantity of what is counted', () => {
    const start = () => startSubscription({ ...startPro, quantity: 2 }, { status: 'absent' }, { now: january31, facts });
    expect(start).toThrow('no price per unit');
  });

  it('is started with nothing used, in the past as well: only what is charged at no usage is billed', () => {
    const now = instant('2026-03-01T00:00:00Z');
    const events = startSubscription({ ...startPro, startAt: january31 }, { status: 'absent' }, { now, facts });
    expect(billed(events)).toEqual([['storage', '0', 2800]]);
  });

  it('that is started in the past takes usage of the week before: of what is longer over nothing was used', () => {
    const weekly = { ...facts, plan: { ...facts.plan, interval: { unit: 'week', count: 1 } as const } };
    const now = instant('2026-02-23T00:00:00Z');
    const events = startSubscription({ ...startPro, startAt: january31 }, { status: 'absent' }, { now, facts: weekly });
    expect(events.flatMap((event) => (event.type === 'PeriodEnded' ? [event.data.lateUsage?.until] : []))).toEqual([
      undefined,
      undefined,
      '2026-02-28T15:00:00.000Z',
    ]);
  });
});
