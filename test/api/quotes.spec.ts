import { randomUUID } from 'node:crypto';
import { startPlatform, type TestPlatform } from '../support/platform.js';
import { redoneSum } from '../support/redone-sum.js';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());

const april = { start: '2026-04-01T00:00:00Z', end: '2026-05-01T00:00:00Z' };
const usd = (amount: number) => ({ amount, currency: 'USD' });
const price = (model: string, terms: object, more: object = {}) => ({ code: 'units', model, currencies: { USD: terms }, ...more });
const usage = (model: string, terms: object, aggregation = 'sum') =>
  price(model, terms, { kind: 'usage', meter: { metric: 'units', aggregation } });

interface Line {
  readonly amount: { readonly amount: number };
  readonly explanation: { readonly steps: { readonly rule: string }[] };
}

/** The quote, each line of which can be redone from its explanation. */
async function quoted(body: object) {
  const answer = await platform.post('/v1/quotes', { currency: 'USD', ...body });
  expect([answer.status, answer.body.detail]).toEqual([200, undefined]);
  for (const { amount, explanation } of answer.body.lines as Line[]) expect(redoneSum(explanation.steps)).toBe(BigInt(amount.amount));
  return answer.body;
}

async function refused(body: object) {
  const answer = await platform
    .post('/v1/quotes', { currency: 'USD', ...body })
    .expect((each) => expect([404, 422]).toContain(each.status));
  return { code: answer.body.code, pointer: answer.body.errors?.[0]?.pointer };
}

const tiers = [
  { upTo: '100', unitAmount: '10', flatAmount: 500 },
  { upTo: null, unitAmount: '0.5' },
];

describe('US10: a quote', () => {
  it.each<[string, object, string, number]>([
    ['per unit', usage('perUnit', { unitAmount: '0.25', freeUnits: '10' }), '1010', 250],
    ['graduated', usage('graduated', { tiers }), '100.5', 1500],
    ['volume', usage('volume', { tiers }), '101', 51],
    [
      'stair-step',
      usage('stairStep', {
        tiers: [
          { upTo: '10', flatAmount: 100 },
          { upTo: null, flatAmount: 900 },
        ],
      }),
      '10.5',
      900,
    ],
    ['package', usage('package', { packageSize: '100', packageAmount: 500 }), '100.5', 1000],
    ['percentage', usage('percentage', { rate: '2.9', fixedAmount: 30 }), '10000', 320],
    ['a minimum', usage('perUnit', { unitAmount: '1', periodMinimum: 700 }), '0', 700],
  ])('prices usage %s', async (_, given, used, amount) => {
    expect(await quoted({ items: [{ price: given, usage: used }] })).toMatchObject({
      lines: [{ priceCode: 'units', quantity: used, amount: usd(amount), reversal: false, taxes: [] }],
      ...{ subtotal: usd(amount), discount: usd(0), tax: usd(0), taxes: [], total: usd(amount) },
    });
  });

  it('counts events as the meter does, and takes a percentage of each', async () => {
    const at = '2026-04-01T10:00:00Z';
    const events = [
      { quantity: '10000', timestamp: at, properties: { user: 'ada' } },
      { quantity: '500', timestamp: at, properties: { user: 'bob' } },
      { quantity: '500', timestamp: at, properties: { user: 'ada' } },
    ];
    const card = usage('percentage', { rate: '2.9', fixedAmount: 30, freeUnits: '1' });
    expect((await quoted({ items: [{ price: card, usage: { events } }] })).total).toEqual(usd(89));
    const users = { ...usage('perUnit', { unitAmount: '100' }), meter: { metric: 'users', aggregation: 'unique', property: 'user' } };
    expect(await quoted({ items: [{ price: users, usage: { events } }] })).toMatchObject({ lines: [{ quantity: '2' }], total: usd(200) });
  });

  it('counts of a filtered meter the events that it counts, and no quantity that does not tell them apart', async () => {
    const [quantity, timestamp] = ['10', '2026-04-01T10:00:00Z'];
    const events = ['eu', 'us', 'asia', undefined].map((region) => ({
      quantity,
      timestamp,
      properties: region === undefined ? {} : { region },
    }));
    const filtered = {
      ...usage('perUnit', { unitAmount: '100' }),
      meter: { metric: 'units', aggregation: 'sum', filter: { region: ['us', 'eu'] } },
    };
    expect(await quoted({ items: [{ price: filtered, usage: { events } }] })).toMatchObject({
      lines: [{ quantity: '20' }],
      total: usd(2000),
    });
    const card = { ...usage('percentage', { rate: '10', fixedAmount: 1 }), meter: filtered.meter };
    expect((await quoted({ items: [{ price: card, usage: { events } }] })).total).toEqual(usd(4));
    expect((await quoted({ items: [{ price: filtered, usage: '7' }] })).total).toEqual(usd(700));

    const code = `plan-${randomUUID()}`;
    const prices = [filtered, { ...usage('perUnit', { unitAmount: '1' }), code: 'all' }];
    await platform.post('/v1/plans', { code, name: 'Pro', interval: { unit: 'month', count: 1 }, prices }).expect(201);
    expect(await quoted({ items: [{ planCode: code, usage: { units: { events } } }] })).toMatchObject({
      lines: [{ quantity: '20' }, { priceCode: 'all', quantity: '40' }],
      total: usd(2040),
    });
    expect(await refused({ items: [{ planCode: code, usage: { units: '40' } }] })).toEqual({
      code: 'usage_invalid',
      pointer: '/items/0/usage/units',
    });
  });

  it('prices a part of a period by the days of the time zone, rounded once', async () => {
    const segment = { start: '2026-04-14T00:00:00Z', end: april.end };
    const body = { period: april, segment, items: [{ price: price('flat', { amount: 2900 }) }] };
    expect(await quoted(body)).toMatchObject({
      lines: [{ amount: usd(1643), exactAmount: '1643.333333333333', proration: { numerator: '17', denominator: '30', unit: 'day' } }],
    });
    // In New York it is still the 13th, and the period is that of the 31st of March to the 30th of April.
    const west = await quoted({ ...body, timeZone: 'America/New_York' });
    expect(west.lines[0].proration).toEqual({ numerator: '17', denominator: '30', unit: 'day' });
    expect((await quoted({ ...body, proration: 'second' })).lines[0].proration).toMatchObject({ numerator: '1468800', unit: 'second' });
    expect((await quoted({ ...body, proration: 'none' })).total).toEqual(usd(2900));
  });

  it('prices a change: the unused part of what was billed, and the rest of the new', async () => {
    const seats = price('perUnit', { unitAmount: '1000' });
    const body = { period: april, items: [{ price: seats, quantity: '3' }] };
    const change = { at: '2026-04-14T09:00:00Z', items: [{ price: seats, quantity: '4' }] };
    expect(await quoted({ ...body, change })).toMatchObject({
      lines: [
        { reversal: true, amount: usd(-1700), quantity: '3' },
        { reversal: false, amount: usd(2267), quantity: '4' },
      ],
      total: usd(567),
    });
    expect((await quoted({ ...body, change: { ...change, items: [] } })).total).toEqual(usd(-1700));
    expect((await quoted({ ...body, change, proration: 'none' })).lines).toEqual([]);
  });

  it('prices a plan for one of its intervals, with the names of its prices, and stores nothing', async () => {
    const code = `plan-${randomUUID()}`;
    const prices = [
      { code: 'base', model: 'flat', currencies: { USD: { amount: 2900 } } },
      { code: 'seats', name: 'Seats', model: 'perUnit', currencies: { USD: { unitAmount: '900' } } },
      { code: 'setup', name: 'Setup', kind: 'oneTime', model: 'flat', currencies: { USD: { amount: 5000 } } },
    ];
    await platform.post('/v1/plans', { code, name: 'Pro', interval: { unit: 'month', count: 1 }, prices }).expect(201);
    const count = async () => (await platform.database.query('select from es.event')).length;
    const before = await count();
    const body = await quoted({ at: '2026-01-31T10:00:00Z', items: [{ planCode: code, quantity: 3 }] });
    expect(body).toMatchObject({
      lines: [
        { description: 'Pro', amount: usd(2900), period: { start: '2026-01-31T10:00:00.000Z', end: '2026-02-28T10:00:00.000Z' } },
        { description: 'Seats', amount: usd(2700) },
        { description: 'Setup', amount: usd(5000), proration: null },
      ],
      total: usd(10600),
    });
    expect(await count()).toBe(before);
  });

  it('takes discounts off in their order, splits them without a rest, and leaves reversals alone', async () => {
    const items = ['a', 'b', 'c'].map((code) => ({ price: { ...price('flat', { amount: 100 }), code } }));
    const body = { period: april, items };
    const amounts = ({ lines }: { lines: { discounts: { amount: { amount: number } }[] }[] }) =>
      lines.map(({ discounts }) => discounts.map(({ amount }) => amount.amount));
    const ten = await quoted({ ...body, discounts: [{ amountOff: usd(10) }] });
    expect([amounts(ten), ten.discount, ten.total]).toEqual([[[4], [3], [3]], usd(10), usd(290)]);
    const both = await quoted({ ...body, discounts: [{ percentOff: '50', appliesTo: ['a'] }, { amountOff: usd(1000) }] });
    expect([amounts(both), both.total]).toEqual([[[50, 50], [100], [100]], usd(0)]);
    const ended = await quoted({ ...body, change: { at: april.start, items: [] }, discounts: [{ percentOff: '50' }] });
    expect([ended.discount, ended.total]).toEqual([usd(0), usd(-300)]);
  });

  it.each<[string, object, string, string]>([
    ['a recurring price without a period', { items: [{ price: price('flat', { amount: 1 }) }] }, 'quote_period_invalid', '/period'],
    [
      'a quantity that nothing takes',
      { period: april, items: [{ price: price('flat', { amount: 1 }), quantity: '2' }] },
      'quantity_not_taken',
      '/items/0/quantity',
    ],
    [
      'usage of what is not metered',
      { period: april, items: [{ price: price('flat', { amount: 1 }), usage: '2' }] },
      'usage_invalid',
      '/items/0/usage',
    ],
    [
      'usage that is no number',
      { items: [{ price: usage('perUnit', { unitAmount: '1' }), usage: 'much' }] },
      'decimal_invalid',
      '/items/0/usage',
    ],
    ['a plan that there is not', { items: [{ planCode: 'no-such-plan' }] }, 'plan_not_found', '/items/0'],
    ['an item of nothing', { items: [{}] }, 'quote_item_invalid', '/items/0'],
    [
      'tiers that end',
      { items: [{ price: usage('volume', { tiers: [{ upTo: '1', unitAmount: '1' }] }), usage: '2' }] },
      'tiers_invalid',
      '/items/0/price/currencies/USD/tiers/0/upTo',
    ],
    ['another currency', { currency: 'EUR', items: [{ price: usage('perUnit', { unitAmount: '1' }) }] }, 'currency_mismatch', '/items/0'],
    [
      'a segment outside of the period',
      { period: april, segment: { start: '2026-03-31T00:00:00Z', end: april.end }, items: [] },
      'quote_period_invalid',
      '/segment',
    ],
    ['a change after the period', { period: april, items: [], change: { at: april.end, items: [] } }, 'quote_period_invalid', '/change/at'],
    ['more than all off', { period: april, items: [], discounts: [{ percentOff: '101' }] }, 'discount_invalid', '/discounts/0/percentOff'],
  ])('refuses %s', async (_, body, code, pointer) => {
    expect(await refused(body)).toEqual({ code, pointer });
  });

  it('is documented with examples that are accepted', async () => {
    const { body } = await platform.get('/docs/openapi.json').expect(200);
    const { examples } = body.paths['/v1/quotes'].post.requestBody.content['application/json'];
    for (const { value } of Object.values<{ value: object }>(examples)) await quoted(value);
  });
});

describe('A quote in GraphQL', () => {
  const whole = `
    lines {
      priceCode description quantity unitAmount exactAmount reversal amount { amount currency } period { start end }
      proration { numerator denominator unit } discounts { amount { amount currency } }
      explanation { steps { rule text numbers { name value } } }
    }
    subtotal { amount currency } discount { amount currency } tax { amount currency } total { amount currency }`;
  const asked = (input: unknown) => platform.graphql(`query ($input: QuoteInput!) { quote(input: $input) { ${whole} } }`, { input });

  /** As GraphQL shows it: amounts are text, the numbers of steps a list, and taxes, of which there are none yet, not there. */
  function inGraphql(value: unknown, name = ''): unknown {
    if (Array.isArray(value)) return value.map((each) => inGraphql(each, name));
    if (typeof value !== 'object' || value === null) return name === 'amount' && typeof value === 'number' ? String(value) : value;
    const { taxes: _, ...fields } = value as Record<string, unknown>;
    if (name === 'steps') {
      const { rule, text, ...numbers } = fields;
      return { rule, text, numbers: numbersOf(numbers) };
    }
    return Object.fromEntries(Object.entries(fields).map(([key, each]) => [key, inGraphql(each, key)]));
  }

  function numbersOf(numbers: object, prefix = ''): object[] {
    return Object.entries(numbers).flatMap(([name, value]) => {
      if (typeof value === 'object' && value !== null) return numbersOf(value, `${prefix}${name}.`);
      return value === null ? [] : [{ name: `${prefix}${name}`, value }];
    });
  }

  it.each<[string, object]>([
    [
      'a change',
      { items: [{ price: price('perUnit', { unitAmount: '900.25' }), quantity: '3' }], change: { at: '2026-04-14T00:00:00Z', items: [] } },
    ],
    ['tiers and a discount', { items: [{ price: usage('graduated', { tiers }), usage: '100.5' }], discounts: [{ percentOff: '10' }] }],
    [
      'a minimum in a part of a period',
      {
        items: [{ price: usage('perUnit', { unitAmount: '1', periodMinimum: 3000 }), usage: '1' }],
        segment: { start: '2026-04-21T00:00:00Z', end: april.end },
      },
    ],
    [
      'a percentage of events',
      {
        items: [
          {
            price: usage('percentage', { rate: '2.9', fixedAmount: 30 }),
            usage: { events: [{ quantity: '500', timestamp: april.start }] },
          },
        ],
      },
    ],
  ])('of %s is that of REST', async (_, changes) => {
    const given = { currency: 'USD', period: april, ...changes };
    const { body } = await asked(given);
    expect(body.errors).toBeUndefined();
    expect(body.data.quote).toEqual(inGraphql(await quoted(given)));
  });

  it('is asked for in words of its own query too', async () => {
    const priced = `{ code: "seats", model: "perUnit", currencies: { USD: { unitAmount: "900", periodMinimum: 5000 } } }`;
    const query = `query ($start: String!) { quote(input: {
      currency: "USD", period: { start: $start, end: "${april.end}" }, items: [{ quantity: 3, price: ${priced} }] }) { total { amount } } }`;
    const { body } = await platform.graphql(query, { start: april.start });
    expect(body).toEqual({ data: { quote: { total: { amount: '5000' } } } });
  });

  it.each<[string, object, string, string]>([
    ['a field that there is not', { currency: 'USD', items: [], colour: 'red' }, 'validation_failed', '/colour'],
    ['what is missing', { currency: 'USD' }, 'validation_failed', '/items'],
    [
      'a price that makes no sense',
      { currency: 'USD', items: [{ price: usage('graduated', { tiers: [{ upTo: '5', unitAmount: '1' }] }) }] },
      'tiers_invalid',
      '/items/0/price/currencies/USD/tiers/0/upTo',
    ],
    ['a plan that there is not', { currency: 'USD', items: [{ planCode: 'none' }] }, 'plan_not_found', '/items/0'],
  ])('refuses %s, as REST does', async (_, input, code, pointer) => {
    const { body } = await asked(input);
    expect(body.errors[0].extensions).toMatchObject({ code, errors: [{ pointer }] });
    expect(await refused(input)).toEqual({ code, pointer });
  });

  it.each([
    ['12.5', '12.5 is no whole number: decimals are texts, such as "12.5".'],
    ['day', 'Write "day" in quotes: what is to be quoted holds texts.'],
    ['9007199254740993', '9007199254740993 is more than a number keeps exactly.'],
  ])('refuses a literal of %s instead of guessing', async (literal, message) => {
    const { body } = await platform.graphql(
      `{ quote(input: { currency: "USD", items: [{ quantity: ${literal} }] }) { total { amount } } }`,
    );
    expect(body.errors[0]).toMatchObject({ message: expect.stringContaining(message), extensions: { code: 'graphql_invalid' } });
  });

  it.each(['[]', '"USD"', 'null', '7'])('refuses %s, which is no object', async (literal) => {
    const { body } = await platform.graphql(`{ quote(input: ${literal}) { total { amount } } }`);
    expect(body.errors[0].extensions.code).toBe('graphql_invalid');
  });

  it('costs what is asked: each item by the fields of its lines, each event once', async () => {
    const events = Array.from({ length: 1000 }, () => ({ quantity: '1', timestamp: april.start }));
    const items = (count: number) =>
      Array.from({ length: count }, () => ({ price: usage('perUnit', { unitAmount: '1' }), usage: { events } }));
    const input = { currency: 'USD', period: april, items: items(11) };
    expect((await asked(input)).body.errors[0].extensions).toMatchObject({ code: 'query_too_complex' });
    expect((await asked({ ...input, items: items(2) })).body.errors).toBeUndefined();
    const many = Array.from({ length: 50 }, () => ({ planCode: 'none' }));
    const several = `query ($input: QuoteInput!) { ${['a', 'b', 'c'].map((alias) => `${alias}: quote(input: $input) { ${whole} }`).join(' ')} }`;
    const answer = await platform.graphql(several, { input: { currency: 'USD', items: many } });
    expect(answer.body.errors[0].extensions).toMatchObject({ code: 'query_too_complex' });
  });
});
