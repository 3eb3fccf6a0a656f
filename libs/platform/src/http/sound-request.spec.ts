import { IsString, validateSync } from 'class-validator';
import fc from 'fast-check';
import { Nullable, Optional } from './field-rule.js';
import { toInstance } from './nested-types.js';
import { isSound } from './sound-request.js';
import { IsText } from './text-validators.js';
import { CurrencyMap, IsDecimalText, IsMetadata, IsWhole, ListOf, ObjectOf } from './validators.js';

class Inner {
  @IsText({ min: 1, max: 3 })
  name!: string;

  @Nullable()
  @IsDecimalText()
  amount?: string | null;
}

class Outer {
  @IsWhole({ min: 0, max: 9 })
  count!: number;

  @Optional()
  @ObjectOf(() => Inner)
  one?: Inner;

  @Optional()
  @ListOf(() => Inner, { max: 2 })
  several?: Inner[];

  @Optional()
  @CurrencyMap(() => Inner)
  byCurrency?: Map<string, Inner>;

  @Optional()
  @IsMetadata()
  metadata?: Record<string, string>;
}

const anyInner = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.record({ name: fc.constantFrom('a', 'abc'), amount: fc.constantFrom('1', '0.5', null) }, { requiredKeys: ['name'] }),
  },
  fc.record({ name: fc.constantFrom('', 'abcd', 1, undefined), amount: fc.constantFrom('x', 1) }),
  fc.constantFrom(null, 'text', [], { name: 'a', other: 1 }, [{ name: 'a' }]),
);
const anyOuter = fc.record(
  {
    count: fc.oneof(
      { weight: 30, arbitrary: fc.integer({ min: 0, max: 9 }) },
      { weight: 1, arbitrary: fc.constantFrom(-1, 1.5, '1', null) },
    ),
    one: anyInner,
    several: fc.oneof({ weight: 9, arbitrary: fc.array(anyInner, { maxLength: 2 }) }, fc.constantFrom(null, {}, [1])),
    byCurrency: fc.oneof(
      { weight: 9, arbitrary: fc.dictionary(fc.constantFrom('EUR', 'USD'), anyInner, { minKeys: 1 }) },
      fc.constantFrom(null, [], { eur: { name: 'a' } }),
    ),
    metadata: fc.oneof(
      { weight: 9, arbitrary: fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('x', 'y')) },
      fc.constantFrom(null, { a: 1 }),
    ),
  },
  { requiredKeys: ['count'] },
);

describe('A request', () => {
  it('is sound exactly where the validator finds nothing', () => {
    const seen = { sound: 0, unsound: 0 };
    fc.assert(
      fc.property(anyOuter, (given) => {
        const instance = toInstance(Outer, given) as Outer;
        const errors = validateSync(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false });
        seen[isSound(instance) ? 'sound' : 'unsound'] += 1;
        expect(isSound(instance)).toBe(errors.length === 0);
      }),
      { numRuns: 2000 },
    );
    expect(Math.min(seen.sound, seen.unsound)).toBeGreaterThan(20);
  });

  it('with a rule that is not ours is left to the validator', () => {
    class Foreign {
      @IsString()
      text!: string;
    }
    expect(isSound(toInstance(Foreign, { text: 'a' }) as Foreign)).toBe(false);
  });
});
