import { specification } from '#event-sourcing/testing/specification.js';
import { hashedId } from '#kernel/ids.js';
import { PlanDecider } from './plan.decider.js';
import { aPlan, aRetiredPlan, base, publishPro, seats, version } from './plan.examples.js';
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

  it('takes a price of nothing, and one that is charged once', () => {
    const prices = [
      { ...base, currencies: { KWD: { amount: '0' } } },
      { ...base, code: 'setup', kind: 'oneTime' as const },
    ];
    given().when(publishing({ prices })).then(version(1, { prices }));
  });

  it.each(['graduated', 'volume', 'package', 'stairStep', 'percentage'] as const)(
    'refuses the model %s, which cannot be billed yet',
    (model) => {
      given()
        .when(publishing({ prices: [base, { ...seats, model, currencies: { USD: { tiers: [] } } }] }))
        .thenRefused('pricing_model_not_supported');
    },
  );

  it('refuses usage and billing in arrears, which are not possible yet', () => {
    given()
      .when(publishing({ prices: [{ ...seats, kind: 'usage' }] }))
      .thenRefused('pricing_model_not_supported');
    given()
      .when(publishing({ prices: [{ ...seats, billing: 'arrears' }] }))
      .thenRefused('pricing_model_not_supported');
  });

  it.each([
    ['two prices with one code', { prices: [base, { ...seats, code: 'base' }] }, 'price_code_repeated'],
    ['no price', { prices: [] }, 'plan_without_prices'],
    ['a price without a currency', { prices: [{ ...base, currencies: {} }] }, 'plan_without_prices'],
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
    const decide = () =>
      PlanDecider.decisions[0]!.decide(
        { ...publishPro, prices: [base, { ...seats, model: 'volume' }] },
        PlanDecider.initialState,
        {} as never,
      );
    expect(decide).toThrow(expect.objectContaining({ pointer: '/prices/1/model' }));
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
