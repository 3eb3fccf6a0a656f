import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import request from 'supertest';
import { type ProbeApp, startProbe } from '../testing/probe-app.js';
import { Nullable, Optional } from './field-rule.js';
import { MoneyFields } from './money-fields.js';
import type { ProblemError } from './problem-error.js';
import { IsChoice, IsLine, IsProse } from './text-validators.js';
import {
  CurrencyMap,
  IsCurrencyCode,
  IsDecimalText,
  IsId,
  IsInstant,
  IsLocaleTag,
  IsMetadata,
  IsMoneyAmount,
  IsTimeZoneName,
  IsWholeText,
  ListOf,
  ObjectOf,
} from './validators.js';

class FlatTerms {
  @IsMoneyAmount()
  amount!: number;
}

class UnitTerms {
  @IsDecimalText()
  unitAmount!: string;
}

class Price {
  @IsChoice(['flat', 'perUnit'])
  model!: string;

  @CurrencyMap(({ object }) => (object.model === 'perUnit' ? UnitTerms : FlatTerms))
  currencies!: Map<string, FlatTerms | UnitTerms>;
}

class Probe {
  @Optional()
  @IsId()
  id?: string;

  @Optional()
  @IsCurrencyCode()
  currency?: string;

  @Optional()
  @IsTimeZoneName()
  timeZone?: string;

  @Optional()
  @IsLocaleTag()
  locale?: string;

  @Optional()
  @IsInstant()
  at?: string;

  @Optional()
  @IsMoneyAmount({ min: -10 })
  amount?: number;

  @Optional()
  @IsDecimalText({ sign: 'positive' })
  quantity?: string;

  @Optional()
  @IsDecimalText({ sign: 'any' })
  change?: string;

  @Optional()
  @IsMetadata()
  metadata?: Record<string, string>;

  @Optional()
  @ObjectOf(() => MoneyFields)
  total?: MoneyFields;

  @Optional()
  @ListOf(() => Price, { max: 10 })
  prices?: Price[];
}

class Named {
  @IsLine({ max: 5 })
  name!: string;

  @Nullable()
  @IsProse({ max: 20 })
  note?: string | null;
}

class Filter {
  @Optional()
  @IsWholeText({ min: 1, max: 31 })
  days?: string;
}

@Controller('v1/probe')
class ProbeController {
  @Post()
  take(@Body() probe: Probe): object {
    return {
      kind: probe.constructor.name,
      currencies: probe.prices?.map((price) => [...price.currencies].map(([key, terms]) => [key, terms.constructor.name])),
    };
  }

  @Post('named')
  name(@Body() named: Named): Named {
    return named;
  }

  @Get()
  list(@Query() filter: Filter): Filter {
    return filter;
  }
}

let probe: ProbeApp;
beforeAll(async () => {
  probe = await startProbe({ controllers: [ProbeController] });
});
afterAll(() => probe.app.close());

const post = (body: object, path = '/v1/probe') =>
  request(probe.app.getHttpServer())
    .post(path)
    .set('Authorization', probe.authorization)
    .set('Content-Type', 'application/json')
    .send(JSON.stringify(body));

async function errorsOf(body: object, path?: string): Promise<ProblemError[]> {
  const { body: problem } = await post(body, path).expect(422);
  expect(problem.code).toBe('validation_failed');
  return problem.errors;
}

describe('Input', () => {
  it('that is valid becomes an instance, maps by currency with the class their model asks for', async () => {
    const prices = [
      { model: 'flat', currencies: { USD: { amount: 100 }, EUR: { amount: 90 } } },
      { model: 'perUnit', currencies: { JPY: { unitAmount: '0.25' } } },
    ];
    const { body } = await post({ prices }).expect(201);
    expect(body).toEqual({
      kind: 'Probe',
      currencies: [
        [
          ['USD', 'FlatTerms'],
          ['EUR', 'FlatTerms'],
        ],
        [['JPY', 'UnitTerms']],
      ],
    });
  });

  it.each([
    ['id', '0190f3a0-7a70-7b11-9c1a-5f0e2b7c4d3a', ['', 'x', 7, '0190f3a0-7a70-7b11-9c1a'], 'id_invalid'],
    ['currency', 'EUR', ['eur', 'XXX', 'EURO', 5, {}], 'currency_unknown'],
    ['timeZone', 'America/New_York', ['Mars/Base', '+02:00', 5], 'time_zone_unknown'],
    ['locale', 'de-DE', ['not a locale', 5], 'locale_unknown'],
    [
      'at',
      '2026-01-31T09:00:00+02:00',
      ['2026-01-31', '2026-01-31T09:00:00', '2026-02-30T09:00:00Z', '2026-01-31T09:00:00Z[UTC]', 5],
      'instant_invalid',
    ],
    ['amount', -10, [-11, '1', false], 'amount_invalid'],
    ['quantity', '12.5', ['0', '-1', '1e3', '+1', '.5', 12, '1'.repeat(40)], 'decimal_invalid'],
    ['change', '-0.25', ['--1', '1,5', ''], 'decimal_invalid'],
  ])('%s takes %p and refuses what is none', async (field, good, bad, code) => {
    await post({ [field]: good }).expect(201);
    for (const value of bad) {
      expect(await errorsOf({ [field]: value })).toEqual([{ pointer: `/${field}`, code, detail: expect.stringMatching(/^[A-Z].*\.$/) }]);
    }
  });

  it('is pointed to inside objects, lists and maps', async () => {
    const errors = await errorsOf({
      total: { amount: -1, currency: 'usd' },
      prices: [
        { model: 'flat', currencies: { USD: { amount: 1 } } },
        { model: 'flat', currencies: { USD: { amount: '1', extra: true }, EURO: { amount: 1 } } },
        { model: 'perUnit', currencies: { USD: { amount: 1 } } },
      ],
    });
    expect(errors.map(({ pointer, code }) => [pointer, code]).sort()).toEqual([
      ['/prices/1/currencies/EURO', 'currency_map_invalid'],
      ['/prices/1/currencies/USD/amount', 'amount_invalid'],
      ['/prices/1/currencies/USD/extra', 'unknown_field'],
      ['/prices/2/currencies/USD/amount', 'unknown_field'],
      ['/prices/2/currencies/USD/unitAmount', 'required'],
      ['/total/amount', 'amount_invalid'],
      ['/total/currency', 'currency_unknown'],
    ]);
  });

  it.each([[{}], ['text'], [[]], [7], [[{ amount: 1 }]]])('that is no map by currency is refused: %j', async (currencies) => {
    const errors = await errorsOf({ prices: [{ model: 'flat', currencies }] });
    expect(errors).toContainEqual(expect.objectContaining({ pointer: '/prices/0/currencies', code: 'currency_map_invalid' }));
  });

  it('takes no list for an object of a list, which would be passed on with nothing in it looked at', async () => {
    for (const prices of [[[]], [[{ model: 'flat', currencies: { USD: { amount: 1 } } }]], [[[[]]]]]) {
      expect(await errorsOf({ prices })).toContainEqual(expect.objectContaining({ pointer: '/prices/0', code: 'list_invalid' }));
    }
    for (const prices of ['none', {}, 7]) {
      expect(await errorsOf({ prices })).toContainEqual(expect.objectContaining({ pointer: '/prices', code: 'list_invalid' }));
    }
  });

  it('with a field that nobody knows is refused, its name escaped', async () => {
    expect(await errorsOf({ 'a/b': 1 })).toEqual([{ pointer: '/a~1b', code: 'unknown_field', detail: 'There is no such field.' }]);
  });

  it('that lacks a field says so once', async () => {
    expect(await errorsOf({}, '/v1/probe/named')).toEqual([{ pointer: '/name', code: 'required', detail: 'This is required.' }]);
    expect(await errorsOf({ name: 'too long' }, '/v1/probe/named')).toEqual([
      { pointer: '/name', code: 'text_length', detail: 'This must be text of 1 to 5 characters.' },
    ]);
    expect((await errorsOf([{ name: 'a' }], '/v1/probe/named')).length).toBeGreaterThan(0);
  });

  it('of metadata may take the form of an amount of money', async () => {
    await post({ metadata: { amount: '5', currency: 'USD' } }).expect(201);
  });

  it('of metadata is bounded, and the wrong entries are named', async () => {
    await post({ metadata: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, 'v'.repeat(500)])) }).expect(201);
    const errors = await errorsOf({ metadata: { good: 'x', 'a/b': 7, long: 'v'.repeat(501), ['k'.repeat(41)]: 'x', nested: {} } });
    expect(errors.map(({ pointer }) => pointer)).toEqual([
      '/metadata/a~1b',
      '/metadata/long',
      `/metadata/${'k'.repeat(41)}`,
      '/metadata/nested',
    ]);
    expect(await errorsOf({ metadata: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, 'v'])) })).toMatchObject([
      { pointer: '/metadata' },
    ]);
    expect(await errorsOf({ metadata: ['x'] })).toMatchObject([{ pointer: '/metadata', code: 'metadata_invalid' }]);
  });

  it('of a query says that it is of the query', async () => {
    const get = (query: string) => request(probe.app.getHttpServer()).get(`/v1/probe?${query}`).set('Authorization', probe.authorization);
    expect((await get('days=3').expect(200)).body).toEqual({ days: '3' });
    expect((await get('days=x').expect(422)).body.errors).toMatchObject([{ in: 'query', pointer: '/days', code: 'integer_invalid' }]);
    expect((await get('dayz=3').expect(422)).body.errors).toMatchObject([{ in: 'query', pointer: '/dayz', code: 'unknown_field' }]);
  });

  it('cannot reach the prototype', async () => {
    const response = await request(probe.app.getHttpServer())
      .post('/v1/probe/named')
      .set('Authorization', probe.authorization)
      .set('Content-Type', 'application/json')
      .send('{"name":"a","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
    expect(response.body).not.toHaveProperty('polluted');
    expect({}).not.toHaveProperty('polluted');
  });
});
