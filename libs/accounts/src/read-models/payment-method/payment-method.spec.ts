import { type AccountId, newId } from '#kernel/ids.js';
import { createTestDatabase } from '../../../../../test/support/test-database.js';
import { createAda, mastercard, visa } from '../../account/account.examples.js';
import { paymentMethodIdOf } from '../../account/account.policies.js';
import { AddPaymentMethod } from '../../account/add-payment-method.js';
import { CreateAccount } from '../../account/create-account.js';
import { RemovePaymentMethod } from '../../account/remove-payment-method.js';
import { SetDefaultPaymentMethod } from '../../account/set-default-payment-method.js';
import { KeptAccounts } from '../../testing/kept-accounts.js';
import { writtenAccount } from '../account-details/account-details.query.js';
import { paymentMethods } from './payment-method.projection.js';
import { writtenPaymentMethods } from './payment-method.query.js';

const noon = '2026-01-31T12:00:00.000Z';
const evening = '2026-01-31T18:30:00.123Z';

let kept: KeptAccounts;
beforeAll(async () => {
  kept = await KeptAccounts.open(await createTestDatabase());
});
beforeEach(() => kept.clock.set(noon));
afterAll(() => kept.close());

describe('The payment methods of an account', () => {
  it('follow PaymentMethodAdded, newest first', async () => {
    const accountId = await kept.ada();
    expect(await kept.paymentMethodsOf(accountId)).toEqual([]);
    await kept.send(AddPaymentMethod, { accountId, paymentMethod: visa, makeDefault: false });
    kept.clock.set(evening);
    await kept.send(AddPaymentMethod, { accountId, paymentMethod: mastercard, makeDefault: false });
    const shared = { type: 'card', expMonth: 12, expYear: 2030 };
    expect(await kept.paymentMethodsOf(accountId)).toEqual([
      { ...shared, id: paymentMethodIdOf(accountId, mastercard), brand: 'mastercard', last4: '4444', isDefault: false, createdAt: evening },
      { ...shared, id: paymentMethodIdOf(accountId, visa), brand: 'visa', last4: '4242', isDefault: true, createdAt: noon },
    ]);
  });

  it('keep what is not a card without what only cards have', async () => {
    const debit = { ...visa, type: 'sepa_debit', brand: null, last4: '3000', expMonth: null, expYear: null };
    const accountId = await kept.ada({ paymentMethod: debit });
    expect(await kept.paymentMethodsOf(accountId)).toMatchObject([
      { type: 'sepa_debit', brand: null, last4: '3000', expMonth: null, expYear: null },
    ]);
  });

  it('show which of them is the default', async () => {
    const accountId = await kept.ada({ paymentMethod: visa });
    kept.clock.set(evening);
    await kept.send(AddPaymentMethod, { accountId, paymentMethod: mastercard, makeDefault: false });
    await kept.send(SetDefaultPaymentMethod, { accountId, paymentMethodId: paymentMethodIdOf(accountId, mastercard) });
    expect(await kept.paymentMethodsOf(accountId)).toMatchObject([
      { brand: 'mastercard', isDefault: true },
      { brand: 'visa', isDefault: false },
    ]);
  });

  it('follow PaymentMethodRemoved', async () => {
    const accountId = await kept.ada({ paymentMethod: visa });
    await kept.send(RemovePaymentMethod, { accountId, paymentMethodId: paymentMethodIdOf(accountId, visa) });
    expect(await kept.paymentMethodsOf(accountId)).toEqual([]);
  });

  it('are read for many accounts at once, each with its own', async () => {
    const [one, none, two] = [await kept.ada({ paymentMethod: visa }), await kept.ada(), await kept.ada({ paymentMethod: mastercard })];
    const owners = await kept.accounts.byIds([two, none, one]);
    const found = await kept.methods.ofAccounts(owners.map((owner) => owner!));
    expect(found).toMatchObject([[{ brand: 'mastercard' }], [], [{ brand: 'visa' }]]);
  });

  it('are the same inside the transaction that wrote them', async () => {
    const accountId = await kept.ada({ paymentMethod: visa });
    const written = await kept.database.transaction(async (sql) => writtenPaymentMethods(sql, await writtenAccount(sql, accountId)));
    expect(written).toEqual(await kept.paymentMethodsOf(accountId));
  });

  it('are the same when they are built anew from the events', async () => {
    const accountId: AccountId = newId();
    const events = [
      await kept.send(CreateAccount, { ...createAda, accountId, paymentMethod: visa }),
      await kept.send(AddPaymentMethod, { accountId, paymentMethod: mastercard, makeDefault: true }),
      await kept.send(RemovePaymentMethod, { accountId, paymentMethodId: paymentMethodIdOf(accountId, visa) }),
    ].flat();
    const rows = await kept.database.query('select to_json(r) as row from accounts.payment_method r where account_id = $1', [accountId]);
    expect(rows).toHaveLength(1);
    expect(await kept.rebuilt(paymentMethods, events)).toEqual(rows);
  });
});
