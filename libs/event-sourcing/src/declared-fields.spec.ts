import type { InvoiceId } from '#kernel/ids.js';
import { Money } from '#kernel/money.js';
import { type Fitting, fieldsOf, type MoneyPath } from './declared-fields.js';
import { encode } from './event-codec.js';

interface Bill {
  readonly total: Money;
  readonly credit?: Money | null;
  readonly lines: readonly { readonly amount: Money; readonly taxes: readonly { readonly amount: Money }[] }[];
  readonly byCode: Readonly<Record<string, Money>>;
  readonly metadata: Readonly<Record<string, string>>;
}

const billFields = fieldsOf<Bill>()({ money: ['total', 'credit', 'lines[].amount', 'lines[].taxes[].amount', 'byCode.*'] });
const restored = (bill: Bill): Bill => billFields.revive(JSON.parse(encode(bill)));

const bill: Bill = {
  total: Money.of(9_007_199_254_740_993n, 'USD'),
  credit: null,
  lines: [
    { amount: Money.of(-1n, 'JPY'), taxes: [] },
    { amount: Money.of(0n, 'EUR'), taxes: [{ amount: Money.of(1n, 'EUR') }] },
  ],
  byCode: { seats: Money.of(5n, 'USD') },
  metadata: {},
};

describe('the declared fields of stored data', () => {
  it('give back money exactly, at any depth', () => {
    expect(restored(bill)).toEqual(bill);
    expect(restored(bill).lines[1]!.taxes[0]!.amount).toBeInstanceOf(Money);
    expect(restored(bill).byCode.seats).toBeInstanceOf(Money);
    expect(restored({ ...bill, credit: Money.of(7n, 'USD') }).credit).toBeInstanceOf(Money);
    expect(encode(bill)).toContain('"9007199254740993"');
  });

  it('may be absent where the type says so', () => {
    const { credit: _, ...without } = bill;
    expect(restored(without)).toEqual(without);
  });

  it('leave everything else as it is, whatever it looks like', () => {
    const texts: Record<string, string>[] = [{ amount: '5', currency: 'USD' }, { amount: 'ten', currency: 'beans' }, { total: '1' }];
    for (const metadata of texts) {
      expect(restored({ ...bill, metadata }).metadata).toEqual(metadata);
      expect(restored({ ...bill, metadata }).metadata).not.toBeInstanceOf(Money);
    }
  });

  // The type checker is the test: `npm run types`.
  it('do not fit where money is forgotten, or declared where there is none', () => {
    interface Total {
      readonly invoiceId: InvoiceId;
      readonly total: Money;
    }
    const fits: Fitting<Total, { money: readonly ['total'] }> extends object ? 'refused' : 'fits' = 'fits';
    const forgotten: keyof Fitting<Total, object> = 'money that is not declared';
    const surplus: keyof Fitting<Total, { money: readonly ['total', 'subtotal'] }> = 'declared as money, and is none';
    const everywhere: Same<MoneyPath<Bill>, 'total' | 'credit' | 'lines[].amount' | 'lines[].taxes[].amount' | 'byCode.*'> = true;
    expect([fits, forgotten, surplus, everywhere]).toEqual(['fits', 'money that is not declared', 'declared as money, and is none', true]);
  });
});

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
