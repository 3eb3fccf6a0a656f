import { type AccountId, newId } from '#kernel/ids.js';
import { type Queryable, rowById } from '#platform/sql/row-query.js';
import { ReadModelStage } from '../../../../../test/support/read-model-stage.js';
import { createAda, mastercard, visa } from '../../account/account.examples.js';
import { paymentMethodIdOf } from '../../account/account.policies.js';
import { AddPaymentMethod } from '../../account/add-payment-method.js';
import { CreateAccount } from '../../account/create-account.js';
import { RemovePaymentMethod } from '../../account/remove-payment-method.js';
import { SetDefaultPaymentMethod } from '../../account/set-default-payment-method.js';
import { accountsContext } from '../../accounts.context.js';
import { type AccountRow, accountRows, accountView } from '../account-details/account-details.query.js';
import { paymentMethods } from './payment-method.projection.js';
import { paymentMethodsOf } from './payment-method.query.js';

const noon = '2026-01-31T12:00:00.000Z';
const evening = '2026-01-31T18:30:00.123Z';

let stage: ReadModelStage;
beforeAll(async () => {
  stage = await ReadModelStage.open(accountsContext);
});
beforeEach(() => stage.setClock(noon));
afterAll(() => stage.close());

async function ada(changes: Partial<CreateAccount['data']> = {}): Promise<AccountId> {
  const accountId: AccountId = newId();
  await stage.send(CreateAccount, { ...createAda, ...changes, accountId });
  return accountId;
}

const owner = async (id: AccountId, sql: Queryable = stage.database) => accountView((await rowById<AccountRow>(sql, accountRows, id))!);
const methodsOf = async (id: AccountId, sql: Queryable = stage.database) => (await paymentMethodsOf(sql, [await owner(id, sql)]))[0]!;

describe('The payment methods of an account', () => {
  it('follow PaymentMethodAdded, newest first', async () => {
    const accountId = await ada();
    expect(await methodsOf(accountId)).toEqual([]);
    await stage.send(AddPaymentMethod, { accountId, paymentMethod: visa, makeDefault: false });
    stage.setClock(evening);
    await stage.send(AddPaymentMethod, { accountId, paymentMethod: mastercard, makeDefault: false });
    const shared = { type: 'card', expMonth: 12, expYear: 2030 };
    expect(await methodsOf(accountId)).toEqual([
      { ...shared, id: paymentMethodIdOf(accountId, mastercard), brand: 'mastercard', last4: '4444', isDefault: false, createdAt: evening },
      { ...shared, id: paymentMethodIdOf(accountId, visa), brand: 'visa', last4: '4242', isDefault: true, createdAt: noon },
    ]);
  });

  it('keep what is not a card without what only cards have', async () => {
    const debit = { ...visa, type: 'sepa_debit', brand: null, last4: '3000', expMonth: null, expYear: null };
    const accountId = await ada({ paymentMethod: debit });
    expect(await methodsOf(accountId)).toMatchObject([{ type: 'sepa_debit', brand: null, last4: '3000', expMonth: null, expYear: null }]);
  });

  it('show which of them is the default', async () => {
    const accountId = await ada({ paymentMethod: visa });
    stage.setClock(evening);
    await stage.send(AddPaymentMethod, { accountId, paymentMethod: mastercard, makeDefault: false });
    await stage.send(SetDefaultPaymentMethod, { accountId, paymentMethodId: paymentMethodIdOf(accountId, mastercard) });
    expect(await methodsOf(accountId)).toMatchObject([
      { brand: 'mastercard', isDefault: true },
      { brand: 'visa', isDefault: false },
    ]);
  });

  it('follow PaymentMethodRemoved', async () => {
    const accountId = await ada({ paymentMethod: visa });
    await stage.send(RemovePaymentMethod, { accountId, paymentMethodId: paymentMethodIdOf(accountId, visa) });
    expect(await methodsOf(accountId)).toEqual([]);
  });

  it('are read for many accounts at once, each with its own', async () => {
    const [one, none, two] = [await ada({ paymentMethod: visa }), await ada(), await ada({ paymentMethod: mastercard })];
    const found = await paymentMethodsOf(stage.database, [await owner(two), await owner(none), await owner(one)]);
    expect(found).toMatchObject([[{ brand: 'mastercard' }], [], [{ brand: 'visa' }]]);
  });

  it('are the same inside a transaction and outside of one', async () => {
    const accountId = await ada({ paymentMethod: visa });
    expect(await stage.database.transaction((sql) => methodsOf(accountId, sql))).toEqual(await methodsOf(accountId));
  });

  it('are the same when they are built anew from the events', async () => {
    const accountId = await ada({ paymentMethod: visa });
    await stage.send(AddPaymentMethod, { accountId, paymentMethod: mastercard, makeDefault: true });
    await stage.send(RemovePaymentMethod, { accountId, paymentMethodId: paymentMethodIdOf(accountId, visa) });
    expect(await methodsOf(accountId)).toMatchObject([{ brand: 'mastercard' }]);
    expect(await stage.deviations(paymentMethods)).toEqual([]);
  });
});
