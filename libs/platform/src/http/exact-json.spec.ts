import fc from 'fast-check';
import { parseExactJson } from './exact-json.js';

const anyText = fc.string({ unit: 'grapheme-ascii', maxLength: 6 }).filter((text) => !text.includes('\\') && !text.includes('"'));
const anyNumber = fc.oneof(
  fc.integer().map(String),
  fc.constantFrom('1.5', '29.00', '-0', '1e3', '0', '9007199254740992', '-9007199254740991', '9007199254740991'),
);
/** JSON as text, since no object has a name twice. */
const { value: anyJson } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    anyText.map((text) => `"${text}"`),
    anyNumber,
    fc.constantFrom('true', 'null'),
    fc.array(tie('value'), { maxLength: 3 }).map((values) => `[${values.join(', ')}]`),
    fc
      .array(fc.tuple(fc.constantFrom('a', 'b', ':', '{', '__proto__', '1'), tie('value')), { maxLength: 4 })
      .map((fields) => `{ ${fields.map(([name, value]) => `"${name}": ${value}`).join(',')} }`),
  ),
}));

describe('JSON that is read exactly', () => {
  it('has the same errors whether its text has an escape, for which each token is looked at, or none', () => {
    fc.assert(
      fc.property(anyJson, (json) => {
        expect(parseExactJson(`{"x":${json},"y":"A"}`)).toEqual(parseExactJson(`{"x":${json},"y":"\\u0041"}`));
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, string[]]>([
    ['{"a":[{"b":1,"c":{"b":2}},{"b":1,"b":1}]}', ['name_repeated']],
    ['{"a":{"a":1},"b":{"a":{"a":1}}}', []],
    ['{":":":","{":"}"}', []],
    ['{"__proto__":1,"__proto__":2}', ['name_repeated']],
    ['{"a":1.0,"b":-0,"c":9007199254740992}', ['number_not_whole', 'number_not_whole', 'amount_too_large']],
    ['{"a":"1.0","b":-9007199254740991}', []],
  ])('%s has the errors %j', (text, codes) => {
    expect(parseExactJson(text).errors.map(({ code }) => code)).toEqual(codes);
  });

  it('is too deep beyond 32 levels', () => {
    const nested = (levels: number) => ['{"a":'.repeat(levels - 1), '{}', '}'.repeat(levels - 1)].join('');
    expect([parseExactJson(nested(32)).tooDeep, parseExactJson(nested(33)).tooDeep]).toEqual([false, true]);
  });
});
