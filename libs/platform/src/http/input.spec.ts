import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import fc from 'fast-check';
import request from 'supertest';
import { type ProbeApp, startProbe } from '../testing/probe-app.js';
import { parseExactJson } from './exact-json.js';
import { Nullable, Optional } from './field-rule.js';
import { IsChoice, IsLine, IsProse } from './text-validators.js';
import { IsCountryCode, IsCurrencyCode, IsFlagText, IsMetadata, IsMoneyAmount, IsWhole } from './validators.js';

class Terms {
  @Optional()
  @IsMoneyAmount()
  amount?: number;

  @Optional()
  @IsCurrencyCode()
  currency?: string;

  @Optional()
  @IsCountryCode()
  country?: string;

  @Optional()
  @IsChoice(['day', 'month'])
  unit?: string;

  @Optional()
  @IsWhole({ min: 1, max: 31 })
  day?: number;

  @Optional()
  @IsLine({ max: 40 })
  name?: string;

  @Nullable()
  @IsProse({ max: 40 })
  note?: string | null;

  @Optional()
  @IsMetadata()
  metadata?: Record<string, string>;
}

class Ending {
  @Optional()
  @IsFlagText()
  atPeriodEnd?: string;
}

@Controller('v1/things')
class ThingsController {
  @Post()
  create(@Body() body: Terms): object {
    return body;
  }

  @Patch(':id')
  change(@Body() body: Terms): object {
    return body;
  }

  @Get(':id')
  read(@Param('id') id: string, @Query('flavor') flavor?: string): object {
    return { id, flavor };
  }

  @Delete(':id')
  end(@Query() query: Ending): object {
    return { ended: query.atPeriodEnd ?? 'now' };
  }

  @Post(':id/archive')
  @HttpCode(200)
  archive(): object {
    return { archived: true };
  }
}

let probe: ProbeApp;
beforeAll(async () => {
  probe = await startProbe({ controllers: [ThingsController] });
});
afterAll(() => probe.app.close());

type Method = 'get' | 'post' | 'patch' | 'delete';
const send = (method: Method, path: string, text?: string) => {
  const asked = request(probe.app.getHttpServer())[method](path).set('Authorization', probe.authorization);
  return text === undefined ? asked : asked.set('Content-Type', 'application/json').send(text);
};
const post = (body: object) => send('post', '/v1/things', JSON.stringify(body));

async function faults(body: object) {
  return (await post(body).expect(422)).body.errors as { pointer: string; code: string; detail: string }[];
}

describe('A body that nobody reads', () => {
  it.each<[Method, string]>([
    ['delete', '/v1/things/1'],
    ['get', '/v1/things/1'],
    ['post', '/v1/things/1/archive'],
  ])('is refused: %s %s', async (method, path) => {
    const { body } = await send(method, path, '{"really":true}').expect(422);
    expect(body).toMatchObject({ code: 'body_not_read', errors: [{ pointer: '/really', code: 'body_not_read' }] });
  });

  it('is told where the option goes', async () => {
    const { body } = await send('delete', '/v1/things/1', '{"atPeriodEnd":true}').expect(422);
    expect(body.errors[0].detail).toBe('Send this as a parameter of the address: ?atPeriodEnd=…');
    expect(body.hint).toContain('atPeriodEnd');
    expect((await send('get', '/v1/things/1', '{"flavor":"x"}')).body.errors[0].detail).toContain('?flavor=');
  });

  it('is let pass when it asks for nothing', async () => {
    for (const text of [undefined, '', '{}']) await send('post', '/v1/things/1/archive', text).expect(200);
  });
});

describe('A change', () => {
  it.each([[undefined], [''], ['{}']])('of nothing is refused: %p', async (text) => {
    expect((await send('patch', '/v1/things/1', text).expect(422)).body.code).toBe('change_empty');
  });

  it('of something is read', async () => {
    expect((await send('patch', '/v1/things/1', '{"note":null}').expect(200)).body).toEqual({ note: null });
  });
});

describe('Null', () => {
  it('is taken where it empties, and refused where it would mean nothing', async () => {
    await post({ note: null }).expect(201);
    for (const name of ['amount', 'currency', 'country', 'unit', 'day', 'name', 'metadata']) {
      expect(await faults({ [name]: null })).toEqual([{ pointer: `/${name}`, code: 'null_not_allowed', detail: 'This cannot be null.' }]);
    }
  });
});

describe('One mistake', () => {
  it('is one error, in a sentence for people', async () => {
    expect(await faults({ day: '3' })).toEqual([
      { pointer: '/day', code: 'integer_invalid', detail: 'This must be a whole number from 1 to 31.' },
    ]);
    expect(await faults({ name: ' ' })).toEqual([
      { pointer: '/name', code: 'text_blank', detail: 'This must hold something that can be seen.' },
    ]);
  });

  it('of spelling is told the right spelling, by one rule for all codes', async () => {
    const details = (await faults({ currency: 'usd', country: 'us', unit: 'Month' })).map(({ detail }) => detail);
    expect(details).toEqual(['This is spelled USD.', 'This is spelled US.', 'This is spelled month.']);
  });

  it('of giving a parameter twice is said', async () => {
    const { body } = await send('delete', '/v1/things/1?atPeriodEnd=true&atPeriodEnd=true').expect(422);
    expect(body.errors).toEqual([expect.objectContaining({ pointer: '/atPeriodEnd', in: 'query', code: 'repeated' })]);
  });
});

describe('Text for people', () => {
  it.each([
    ['Ada\nLovelace', 'a line feed (U+000A)'],
    ['Ada\u2028Lovelace', 'a line separator (U+2028)'],
    ['Ada\u0007', 'a control character (U+0007)'],
    ['Ada\u0085', 'a control character (U+0085)'],
    ['\u202eadA', 'a character that turns the direction of the text (U+202E)'],
    ['\u2066Ada', 'a character that turns the direction of the text (U+2066)'],
  ])('names what it cannot hold: %j', async (name, character) => {
    expect(await faults({ name })).toMatchObject([
      { pointer: '/name', code: 'text_character', detail: expect.stringContaining(character) },
    ]);
  });

  it.each([['\u200b\u200d'], ['\u3164'], ['\u2800 '], ['\u00ad'], ['\u034f'], [' \u3000']])(
    'shows something: %j does not',
    async (name) => {
      expect(await faults({ name })).toMatchObject([{ pointer: '/name', code: 'text_blank' }]);
    },
  );

  it.each([['Ada Lovelace'], ['أحمد'], ['山田 太郎'], ['O’Brien-Ŝmith'], ['👩‍👩‍👧'], ['नमस्ते'], ['می‌خواهم']])('may be %s', async (name) => {
    await post({ name }).expect(201);
  });

  it('of many lines may have line breaks, and no other controls', async () => {
    await post({ note: 'one\r\ntwo\n\tthree' }).expect(201);
    expect(await faults({ note: 'one\u001btwo' })).toMatchObject([{ code: 'text_character' }]);
  });
});

describe('JSON', () => {
  it.each([
    ['{"amount":1,"amount":2}', '/amount', 'name_repeated'],
    ['{"metadata":{"a":"1","\\u0061":"2"}}', '/metadata/a', 'name_repeated'],
    ['{"metadata":{"__proto__":"1","__proto__":"2"}}', '/metadata/__proto__', 'name_repeated'],
    ['{"amount":29.0,"currency":"USD"}', '/amount', 'number_not_whole'],
    ['{"amount":1e2}', '/amount', 'number_not_whole'],
    ['{"day":14.0}', '/day', 'number_not_whole'],
    ['{"day":-0}', '/day', 'number_not_whole'],
    ['{"day":9007199254740991.4}', '/day', 'number_not_whole'],
    ['{"na\\u0000me":"a"}', '/na\u0000me', 'text_invalid'],
    ['{"name":"\\ud800"}', '/name', 'text_invalid'],
  ])('that could be read in two ways is refused: %s', async (text, pointer, code) => {
    const { body } = await send('post', '/v1/things', text).expect(422);
    expect(body).toMatchObject({ code, errors: [{ pointer, code }] });
  });

  it.each([
    ['{"amount":29.0,"currency":"USD"}', 'in minor units 29.0 USD is 2900'],
    ['{"currency":"JPY","amount":29.0}', 'in minor units 29.0 JPY is 29'],
    ['{"terms":{"KWD":{"amount":1.25}}}', 'in minor units 1.25 KWD is 1250'],
    ['{"amount":29.5}', 'in minor units 29.5 of a currency with two decimals is 2950'],
  ])('with a fraction where minor units are meant is told what to send: %s', (text, hint) => {
    expect(parseExactJson(text).errors).toMatchObject([{ code: 'number_not_whole', detail: expect.stringContaining(hint) }]);
  });

  it('is read as JSON.parse reads it, whatever it holds, where nothing is wrong with it', () => {
    const whole = fc.maxSafeInteger().map((number) => (Object.is(number, -0) ? 0 : number));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(null, true, false),
        whole,
        fc.string({ unit: 'grapheme' }),
        fc.array(tie('value')),
        fc.dictionary(
          fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('__proto__', 'constructor', 'toString', '}', '"')),
          tie('value'),
        ),
      ),
    }));
    fc.assert(
      fc.property(value, (given) => {
        const text = JSON.stringify(given);
        fc.pre(!text.includes('\\u0000'));
        expect(parseExactJson(text)).toEqual({ value: JSON.parse(text), errors: [], tooDeep: false });
      }),
    );
  });
});

describe('A name of the caller’s own', () => {
  const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__', 'then', 'toJSON'];

  it('is kept like any other in metadata', async () => {
    const metadata = `{${names.map((name) => `"${name}":"v"`).join()}}`;
    const { text } = await send('post', '/v1/things', `{"metadata":${metadata}}`).expect(201);
    expect(text).toBe(`{"metadata":${metadata}}`);
  });

  it.each(names)('is no field: %s', async (name) => {
    const { body } = await send('post', '/v1/things', `{"day":1,"${name}":"v"}`).expect(422);
    expect(body.errors).toMatchObject([{ pointer: `/${name}`, code: 'unknown_field' }]);
    const query = await send('delete', `/v1/things/1?${name}=true`).expect(422);
    expect(query.body.errors).toMatchObject([{ pointer: `/${name}`, code: 'unknown_field', in: 'query' }]);
  });
});

describe('An address', () => {
  it.each([['%00'], ['%ED%A0%80'], ['%'], ['%E4'], ['%zz']])(
    'that is no storable text is refused, wherever it holds %s',
    async (strange) => {
      for (const path of [`/v1/things/${strange}`, `/v1/things/1?flavor=${strange}`, `/v1/things/1?${strange}=x`]) {
        expect((await send('get', path).expect(400)).body.code).toBe('bad_request');
      }
    },
  );
});
