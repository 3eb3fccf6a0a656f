import { decimal } from '#kernel/decimal.js';
import { redoneSum } from '../../../test/support/redone-sum.js';
import { explanationOf } from './explanation.js';
import { countFees, noFees } from './models/fee-counts.js';
import { days, flat, packaged, percentage, perUnit, priced, tiered } from './price.examples.js';
import type { AgreedPrice, Tier } from './price.js';
import { priceOf } from './price-of.js';

/** The amount, after somebody else has redone the sum from its explanation. */
function amountOf(...given: Parameters<typeof priced>): bigint {
  const { amount, steps } = priced(...given);
  expect(redoneSum(steps)).toBe(amount);
  return amount;
}

const tiers: Tier[] = [
  { upTo: '100', unitAmount: '10', flatAmount: '500' },
  { upTo: '200', unitAmount: '8', flatAmount: '300' },
  { upTo: null, unitAmount: '0.5' },
];
const steps: Tier[] = [
  { upTo: '10', flatAmount: '1000' },
  { upTo: '50', flatAmount: '4000' },
  { upTo: null, flatAmount: '9000' },
];

describe('A price per unit', () => {
  it.each([
    ['0', 0n],
    ['10', 0n],
    ['10.5', 0n],
    ['1010', 250n],
  ])('with ten free units costs for %s', (quantity, expected) => {
    expect(amountOf(perUnit('0.25', { freeUnits: '10' }), quantity)).toBe(expected);
  });
});

describe('Graduated tiers', () => {
  it.each([
    // The first tier's fee is charged at zero usage.
    ['0', 500n],
    ['1', 510n],
    ['100', 1500n],
    // Half a unit above the limit is in the next tier: 4 for it, and that tier's fee.
    ['100.5', 1804n],
    ['200', 2600n],
    ['200.000000000001', 2600n],
    ['202', 2601n],
    ['1000000000000000', 499999999999900n + 2600n],
  ])('cost for %s', (quantity, expected) => {
    expect(amountOf(tiered('graduated', tiers), quantity)).toBe(expected);
  });

  it('are explained one by one', () => {
    expect(priced(tiered('graduated', tiers), '100.5').steps).toEqual([
      expect.objectContaining({ rule: 'graduatedTier', from: '0', upTo: '100', quantity: '100', amount: '1500' }),
      expect.objectContaining({ rule: 'graduatedTier', from: '100', upTo: '200', quantity: '0.5', amount: '304' }),
      { rule: 'sum', amount: '1804', text: 'Together 18.04 USD.' },
      { rule: 'rounding', exactAmount: '1804', amount: '1804', text: 'To pay: 18.04 USD.' },
    ]);
    expect(priced(tiered('graduated', tiers), '100.5').steps[1]!.text).toBe(
      '0.5 units above 100 up to 200: 0.5 × 0.08 USD + 3.00 USD = 3.04 USD.',
    );
  });
});

describe('Volume tiers', () => {
  it.each([
    ['0', 500n],
    ['100', 1500n],
    ['100.5', 1104n],
    ['200', 1900n],
    ['201', 101n],
  ])('cost for %s, all at the price of one tier', (quantity, expected) => {
    expect(amountOf(tiered('volume', tiers), quantity)).toBe(expected);
  });

  it('have a unit amount where the tier has no fee', () => {
    expect(priced(tiered('volume', tiers), '201').unitAmount).toBe('0.5');
    expect(priced(tiered('volume', tiers), '1').unitAmount).toBeNull();
  });
});

describe('Stairs', () => {
  it.each([
    ['0', 1000n],
    ['10', 1000n],
    ['10.000000000001', 4000n],
    ['50', 4000n],
    ['51', 9000n],
  ])('cost for %s', (quantity, expected) => {
    expect(amountOf(tiered('stairStep', steps), quantity)).toBe(expected);
  });
});

describe('Packages', () => {
  const hundreds = { packageSize: '100', packageAmount: '500' };
  it.each([
    [{}, '0', 0n],
    [{}, '0.000000000001', 500n],
    [{}, '100', 500n],
    [{}, '100.5', 1000n],
    [{ freeUnits: '50' }, '50', 0n],
    [{ freeUnits: '50' }, '51', 500n],
    [{ freeUnits: '50' }, '150.5', 1000n],
    [{ packageSize: '0.3' }, '1', 2000n],
    [{}, '1000000000000000', 5000000000000000n],
  ])('with %j cost for %s', (changes, quantity, expected) => {
    expect(amountOf(packaged({ ...hundreds, ...changes }), quantity)).toBe(expected);
  });
});

describe('A percentage', () => {
  const card = { rate: '2.9', fixedAmount: '30' };
  it.each([
    ['no event', card, [], 0n],
    ['an event of 100.00', card, ['10000'], 320n],
    ['the fee is of each event', card, ['10000', '10000'], 640n],
    ['an event of nothing still has its fee', card, ['0'], 30n],
    ['the minimum is of each event', { ...card, minimumAmount: '100' }, ['1000', '10000'], 420n],
    ['the maximum is of each event', { ...card, maximumAmount: '250' }, ['1000', '10000'], 309n],
    ['free events are the first ones', { ...card, freeUnits: '1' }, ['10000', '1000'], 59n],
    ['of an event that crosses the free amount the rest is charged', { ...card, freeAmount: '5000' }, ['10000'], 175n],
    ['an event that ends at the free amount is free', { ...card, freeAmount: '5000' }, ['5000', '100'], 33n],
    ['whichever limit ends first ends it', { ...card, freeUnits: '3', freeAmount: '150' }, ['100', '100', '100'], 64n],
    ['an event below zero costs nothing and gives nothing back', card, ['10000', '-10000'], 320n],
    ['parts of a minor unit are added before they are rounded', { rate: '0.1' }, Array.from({ length: 500 }, () => '1'), 1n],
  ])('%s', (_, terms, events, expected) => {
    expect(amountOf(percentage(terms), events)).toBe(expected);
  });

  it('puts equal events into one step', () => {
    const { steps: found } = priced(percentage(card), ['10000', '5000', '10000']);
    expect(found.map((step) => (step.rule === 'percentage' ? [step.events, step.eventAmount] : step.rule))).toEqual([
      ['2', '10000'],
      ['1', '5000'],
      'sum',
      'rounding',
    ]);
  });

  it('takes a bare quantity for one event', () => {
    expect(amountOf(percentage(card), '10000')).toBe(320n);
  });
});

describe('A percentage of events that were counted as they came', () => {
  const terms = { rate: '2.9', fixedAmount: '30', minimumAmount: '50', maximumAmount: '900', freeUnits: '1' };
  const events = ['7000', '10000', '500', '-400', '90000', '20000'].map((text) => decimal(text));
  const counts = countFees(terms, noFees, events);

  it('keeps how many of them cost what', () => {
    expect(counts).toEqual({
      ...{ events: '5', amount: '127500', chargedEvents: '2', chargedAmount: '30000' },
      ...{ minimumEvents: '1', maximumEvents: '1' },
    });
  });

  it('is the price of the events, with a sum that can be redone', () => {
    const sum = priceOf(percentage(terms), { quantity: decimal('127100'), feeCounts: counts }, null);
    expect(sum.exact).toEqual(priced(percentage(terms), events.map(String)).exact);
    const explained = explanationOf(sum, 'USD');
    expect(redoneSum(explained)).toBe(1880n);
    expect(explained.map(({ text }) => text)).toEqual([
      'The first 1 events are free.',
      'Of 5 events of 1275.00 USD in all, 2 are charged by their amount, 300.00 USD: 2.9 % + 2 × 0.30 USD = 9.30 USD.',
      '1 events at the minimum of an event: 1 × 0.50 USD = 0.50 USD.',
      '1 events at the maximum of an event: 1 × 9.00 USD = 9.00 USD.',
      'Together 18.80 USD.',
      'To pay: 18.80 USD.',
    ]);
  });

  it('costs nothing without events, but the minimum of the period', () => {
    const none = (limits: object) =>
      priceOf(percentage({ ...terms, ...limits }), { quantity: decimal('0'), feeCounts: noFees }, null).exact;
    expect([none({}), none({ periodMinimum: '700' })].map((exact) => exact.roundHalfUp())).toEqual([0n, 700n]);
  });
});

describe('What was counted below zero', () => {
  it.each<[string, AgreedPrice, bigint]>([
    ['per unit', perUnit('10'), 0n],
    ['graduated', tiered('graduated', tiers), 500n],
    ['volume', tiered('volume', tiers), 500n],
    ['in packages', packaged({ packageSize: '100', packageAmount: '500' }), 0n],
  ])('counts as zero, %s', (_, price, expected) => {
    expect(amountOf(price, '-7')).toBe(expected);
    expect(priced(price, '-7').steps[0]).toMatchObject({ rule: 'belowZero', quantity: '-7' });
  });
});

describe('The limits of a period', () => {
  const usage = (limits: object) => tiered('graduated', [{ upTo: null, unitAmount: '10' }], limits);
  const limits = { periodMinimum: '1000', periodMaximum: '5000' };

  it.each([
    ['0', 1000n],
    ['100', 1000n],
    ['101', 1010n],
    ['500', 5000n],
    ['501', 5000n],
  ])('hold for %s', (quantity, expected) => {
    expect(amountOf(usage(limits), quantity)).toBe(expected);
  });

  it('are prorated for usage, which itself is not', () => {
    expect(amountOf(usage(limits), '0', days(17, 30))).toBe(567n);
    expect(amountOf(usage(limits), '100', days(17, 30))).toBe(1000n);
    expect(amountOf(usage(limits), '1000', days(17, 30))).toBe(2833n);
  });

  it('are prorated with a recurring price', () => {
    expect(amountOf(flat('100', { periodMinimum: '1000' }), '1', days(1, 3))).toBe(333n);
    expect(amountOf(flat('100', { periodMaximum: '50' }), '1', days(1, 3))).toBe(17n);
  });
});

describe('An explanation', () => {
  it('shows every amount in the currency, with as many decimals as it has and more where it needs them', () => {
    expect(priced(flat('2900'), '1', days(17, 30)).steps.map(({ text }) => text)).toEqual([
      'A fixed amount of 29.00 USD.',
      'For 17 of 30 days: × 17 / 30.',
      '16.43333333333333 USD, rounded half-up to 16.43 USD.',
    ]);
    expect(priced(perUnit('0.25'), '3', null, 'JPY').steps[0]!.text).toBe('3 × 0.25 JPY = 0.75 JPY.');
    expect(priced(perUnit('0.25'), '3', null, 'KWD').steps[0]!.text).toBe('3 × 0.00025 KWD = 0.00075 KWD.');
  });

  it.each<[AgreedPrice, string | string[], string]>([
    [perUnit('10', { freeUnits: '5' }), '7', 'Of 7 units 5 are free: 2 are charged.'],
    [tiered('volume', tiers), '201', 'The whole quantity of 201 is in the tier above 200: 201 × 0.005 USD = 1.005 USD.'],
    [tiered('stairStep', steps), '11', 'The quantity of 11 is on the step above 10 up to 50: 40.00 USD for all of it.'],
    [
      packaged({ packageSize: '100', packageAmount: '500' }),
      '250',
      '250 units take 3 packages of 100, where a started one counts as a whole one: 3 × 5.00 USD = 15.00 USD.',
    ],
    [
      percentage({ rate: '2.9', freeUnits: '3', freeAmount: '5000' }),
      [],
      'The first 3 events are free, and of them no more than 50.00 USD in all.',
    ],
    [percentage({ rate: '2.9', freeUnits: '3' }), [], 'The first 3 events are free.'],
    [percentage({ rate: '2.9', freeAmount: '5000' }), [], 'The first 50.00 USD are free.'],
    [
      percentage({ rate: '2.9', fixedAmount: '30', minimumAmount: '50', maximumAmount: '900' }),
      ['10000', '10000'],
      '2 × 100.00 USD: each 2.9 %, plus 0.30 USD, at least 0.50 USD, at most 9.00 USD = 3.20 USD; 2 × 3.20 USD = 6.40 USD.',
    ],
    [percentage({ rate: '2.9' }), ['-500'], '1 × -5.00 USD: costs nothing and gives nothing back.'],
  ])('says it in words: %#', (price, used, text) => {
    expect(priced(price, used).steps[0]!.text).toBe(text);
  });

  it('says which part of an event is not free', () => {
    const found = priced(percentage({ rate: '10', freeAmount: '5000' }), ['2000', '8000']).steps.map(({ text }) => text);
    expect(found.slice(1, 3)).toEqual([
      '1 × 20.00 USD: free.',
      '1 × 80.00 USD: each 10 % of the 50.00 USD of it that are not free = 5.00 USD; 1 × 5.00 USD = 5.00 USD.',
    ]);
  });

  it('says which limit it was, and of which part', () => {
    const price = flat('100', { periodMinimum: '1000' });
    expect(priced(price, '1').steps[1]!.text).toBe('Raised to the minimum of the period, 10.00 USD.');
    const metered = tiered('graduated', [{ upTo: null, unitAmount: '1' }], { periodMaximum: '300' });
    expect(priced(metered, '900', days(10, 30)).steps[1]!.text).toBe(
      'Lowered to the maximum of the period, 3.00 USD, for 10 of its 30 days.',
    );
  });
});
