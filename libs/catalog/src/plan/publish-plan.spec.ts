import { specification } from '#event-sourcing/testing/specification.js';
import { hashedId } from '#kernel/ids.js';
import type { Price } from '#pricing/price.js';
import { PlanDecider } from './plan.decider.js';
import { aPlan, aRetiredPlan, base, percentage, publishPro, seats, version } from './plan.examples.js';
import { planIdOf } from './plan.policies.js';
import { PublishPlan } from './publish-plan.js';

const { given } = specification(PlanDecider);
const publishing = (changes: Partial<PublishPlan['data']>) => new PublishPlan({ ...publishPro, ...changes });

describe('US2: publishing a plan', () => {
  it('makes its first version', () => {
    given().when(new PublishPlan(publishPro)).then(version(1));
  });

  it('gives it the id that follows from its code', () => {
    expect(planIdOf('pro')).toBe(hashedId('plan/pro'));
    expect(planIdOf('Pro')).not.toBe(planIdOf('pro'));
  });

  it.each([
    ['active', aPlan()],
    ['retired', aRetiredPlan()],
  ])('is refused while another plan has the code, and is %s', (_, events) => {
    given(events).when(new PublishPlan(publishPro)).thenRefused('plan_code_taken');
  });

  it('keeps amounts in their plainest form', () => {
    given()
      .when(publishing({ prices: [{ ...seats, currencies: { USD: { unitAmount: '0.250' } } }] }))
      .then(version(1, { prices: [{ ...seats, currencies: { USD: { unitAmount: '0.25' } } }] }));
  });

  it('takes a price of nothing, and one that is charged once, which says when', () => {
    const free = { ...base, currencies: { KWD: { amount: '0' } } };
    const setup = { ...base, code: 'setup', kind: 'oneTime' as const };
    given()
      .when(publishing({ prices: [free, setup] }))
      .then(version(1, { prices: [free, { ...setup, billedAt: 'start' }] }));
    given()
      .when(publishing({ prices: [free, { ...setup, billedAt: 'trialEnd' }] }))
      .then(version(1, { prices: [free, { ...setup, billedAt: 'trialEnd' }] }));
  });

  it.each<[Price['model'], object]>([
    [
      'graduated',
      {
        tiers: [
          { upTo: '10', unitAmount: '5' },
          { upTo: null, flatAmount: '100' },
        ],
        periodMinimum: '100',
      },
    ],
    ['volume', { tiers: [{ upTo: null, unitAmount: '5', flatAmount: '100' }] }],
    [
      'stairStep',
      {
        tiers: [
          { upTo: '0.5', flatAmount: '0' },
          { upTo: null, flatAmount: '100' },
        ],
      },
    ],
    ['package', { packageSize: '12.5', packageAmount: '100', freeUnits: '3', periodMaximum: '900' }],
  ])('takes the model %s with a name, as it was given', (model, terms) => {
    const prices = [base, { ...seats, name: 'Seats', model, currencies: { USD: terms as never } }];
    given().when(publishing({ prices })).then(version(1, { prices }));
  });

  it('takes usage, which is billed in arrears', () => {
    const { billing: _, ...calls } = { ...seats, kind: 'usage', meter: { metric: 'calls', aggregation: 'sum' } } as const;
    given()
      .when(publishing({ prices: [base, calls] }))
      .then(version(1, { prices: [base, { ...calls, billing: 'arrears' }] }));
  });

  it('takes a percentage of usage', () => {
    given()
      .when(publishing({ prices: [percentage] }))
      .then(version(1, { prices: [percentage] }));
  });

  it('takes a price that is billed in arrears', () => {
    const prices = [base, { ...seats, billing: 'arrears' as const }];
    given().when(publishing({ prices })).then(version(1, { prices }));
  });

  it.each([
    ['two prices with one code', { prices: [base, { ...seats, code: 'base' }] }, 'price_code_repeated'],
    ['no price', { prices: [] }, 'plan_without_prices'],
    ['a price without a currency', { prices: [{ ...base, currencies: {} }] }, 'price_terms_invalid'],
    ['a negative amount', { prices: [{ ...base, currencies: { USD: { amount: '-1' } } }] }, 'amount_invalid'],
    ['a part of a minor unit as a flat amount', { prices: [{ ...base, currencies: { USD: { amount: '0.5' } } }] }, 'amount_invalid'],
    [
      'a flat amount that no JSON number holds',
      { prices: [{ ...base, currencies: { USD: { amount: '9007199254740992' } } }] },
      'amount_invalid',
    ],
    ['a negative unit amount', { prices: [{ ...seats, currencies: { USD: { unitAmount: '-0.1' } } }] }, 'amount_invalid'],
    [
      'a unit amount beyond all reason',
      { prices: [{ ...seats, currencies: { USD: { unitAmount: '9007199254740991.1' } } }] },
      'amount_invalid',
    ],
    ['terms of another model', { prices: [{ ...base, currencies: { USD: { unitAmount: '1' } } }] }, 'decimal_invalid'],
    ['a trial of 731 days', { trialDays: 731 }, 'trial_days_invalid'],
    ['a trial of less than nothing', { trialDays: -1 }, 'trial_days_invalid'],
    ['half a day of trial', { trialDays: 0.5 }, 'trial_days_invalid'],
    ['an interval of four years', { interval: { unit: 'year', count: 4 } }, 'interval_invalid'],
    ['an unknown unit', { interval: { unit: 'fortnight', count: 1 } }, 'interval_invalid'],
  ])('refuses %s', (_, changes, code) => {
    given().when(publishing(changes)).thenRefused(code);
  });

  it('names the place that is wrong', () => {
    const amount = () =>
      PlanDecider.decisions[0]!.decide(
        { ...publishPro, prices: [{ ...base, currencies: { EUR: { amount: '-1' } } }] },
        PlanDecider.initialState,
        {} as never,
      );
    expect(amount).toThrow(expect.objectContaining({ pointer: '/prices/0/currencies/EUR/amount' }));
  });

  it('lets a trial last for two years', () => {
    given()
      .when(publishing({ trialDays: 730 }))
      .then(version(1, { trialDays: 730 }));
  });
});
