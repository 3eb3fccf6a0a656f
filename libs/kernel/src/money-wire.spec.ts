import fc from 'fast-check';
import { Money } from './money.js';
import { amountFromWire, amountToWire, moneyFromWire, moneyToWire } from './money-wire.js';

const LARGEST = 2 ** 53 - 1;

describe('Money on the wire', () => {
  it('is a whole number of minor units with its currency', () => {
    expect(JSON.stringify(moneyToWire(Money.of(1250n, 'USD')))).toBe('{"amount":1250,"currency":"USD"}');
    expect(moneyFromWire({ amount: 1250, currency: 'USD' })).toEqual(Money.of(1250n, 'USD'));
  });

  it('comes back unchanged for every amount that a JSON number keeps exactly', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (amount) => {
        const wire = JSON.parse(JSON.stringify(moneyToWire(Money.of(BigInt(amount), 'EUR'))));
        expect(moneyFromWire(wire)).toEqual(Money.of(BigInt(amount), 'EUR'));
      }),
    );
  });

  it.each([LARGEST + 1, -LARGEST - 1, 1e300, 12.5, 0.1 + 0.2, Number.NaN, Number.POSITIVE_INFINITY, '1250', null, undefined, true, 10n])(
    'is refused with the amount %p, never rounded',
    (amount) => {
      const given = { amount: amount as number, currency: 'USD' };
      expect(() => moneyFromWire(given, '/price')).toThrow(expect.objectContaining({ code: 'amount_invalid', pointer: '/price/amount' }));
    },
  );

  it('is refused when the digits in the request were more than a number keeps', () => {
    const given = JSON.parse('{"amount":9007199254740993,"currency":"USD"}');
    expect(() => moneyFromWire(given)).toThrow(expect.objectContaining({ code: 'amount_invalid', pointer: '/amount' }));
  });

  it('is refused with an unknown currency', () => {
    expect(() => moneyFromWire({ amount: 1, currency: 'ABC' }, '/price')).toThrow(
      expect.objectContaining({ code: 'currency_unknown', pointer: '/price/currency' }),
    );
  });

  it('is not answered when the amount would have to be rounded', () => {
    for (const amount of [2n ** 53n, -(2n ** 53n), 2n ** 53n + 1n, 10n ** 30n]) {
      expect(() => moneyToWire(Money.of(amount, 'USD'))).toThrow(expect.objectContaining({ code: 'amount_invalid' }));
    }
    expect(amountToWire(2n ** 53n - 1n)).toBe(LARGEST);
    expect(amountToWire(1n - 2n ** 53n)).toBe(-LARGEST);
    expect(amountFromWire(LARGEST)).toBe(2n ** 53n - 1n);
  });
});
