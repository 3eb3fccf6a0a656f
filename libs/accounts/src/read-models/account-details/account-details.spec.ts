import { randomUUID } from 'node:crypto';
import { type AccountId, newId } from '#kernel/ids.js';
import { timeZone } from '#kernel/time-zone.js';
import { pageWindow } from '#platform/http/page.js';
import { createTestDatabase } from '../../../../../test/support/test-database.js';
import { createAda, mastercard, particulars, visa } from '../../account/account.examples.js';
import { paymentMethodIdOf } from '../../account/account.policies.js';
import { AddPaymentMethod } from '../../account/add-payment-method.js';
import { ChangeAccount } from '../../account/change-account.js';
import { CloseAccount } from '../../account/close-account.js';
import { CreateAccount } from '../../account/create-account.js';
import { RemovePaymentMethod } from '../../account/remove-payment-method.js';
import { SetDefaultPaymentMethod } from '../../account/set-default-payment-method.js';
import { KeptAccounts } from '../../testing/kept-accounts.js';
import { accountDetails } from './account-details.projection.js';
import { writtenAccount } from './account-details.query.js';

const noon = '2026-01-31T12:00:00.000Z';
const evening = '2026-01-31T18:30:00.123Z';

let kept: KeptAccounts;
beforeAll(async () => {
  kept = await KeptAccounts.open(await createTestDatabase());
});
beforeEach(() => kept.clock.set(noon));
afterAll(() => kept.close());

const asCreated = {
  ...particulars,
  currency: 'USD',
  status: 'ACTIVE',
  defaultPaymentMethodId: null,
  gatewayCustomerId: null,
  testClockId: null,
  createdAt: noon,
  closedAt: null,
  version: 1,
};

describe('An account as it is shown', () => {
  it('begins with AccountCreated', async () => {
    const id = await kept.ada();
    expect(await kept.accounts.find(id)).toEqual({ id, ...asCreated });
  });

  it('follows AccountChanged in what has changed, and in nothing else', async () => {
    const accountId = await kept.ada();
    await kept.send(ChangeAccount, { accountId, changes: { email: 'countess@example.com', region: null, taxIds: [] } });
    const once = { id: accountId, ...asCreated, email: 'countess@example.com', region: null, taxIds: [], version: 2 };
    expect(await kept.accounts.find(accountId)).toEqual(once);
    const rest = {
      name: 'Ada King',
      timeZone: timeZone('Europe/London'),
      locale: null,
      country: 'GB',
      taxExempt: true,
      metadata: { a: 'b' },
    };
    await kept.send(ChangeAccount, { accountId, changes: rest });
    expect(await kept.accounts.find(accountId)).toEqual({ ...once, ...rest, version: 3 });
  });

  it('follows PaymentMethodAdded with the default and the customer at the gateway', async () => {
    const accountId = await kept.ada();
    const defaultPaymentMethodId = paymentMethodIdOf(accountId, visa);
    const expected = { id: accountId, ...asCreated, defaultPaymentMethodId, gatewayCustomerId: 'cus_1' };
    await kept.send(AddPaymentMethod, { accountId, paymentMethod: visa, makeDefault: false });
    expect(await kept.accounts.find(accountId)).toEqual({ ...expected, version: 2 });
    await kept.send(AddPaymentMethod, { accountId, paymentMethod: mastercard, makeDefault: false });
    expect(await kept.accounts.find(accountId)).toEqual({ ...expected, version: 3 });
  });

  it('follows DefaultPaymentMethodChanged', async () => {
    const accountId = await kept.ada({ paymentMethod: visa });
    const paymentMethodId = paymentMethodIdOf(accountId, mastercard);
    await kept.send(AddPaymentMethod, { accountId, paymentMethod: mastercard, makeDefault: false });
    await kept.send(SetDefaultPaymentMethod, { accountId, paymentMethodId });
    expect(await kept.accounts.find(accountId)).toMatchObject({ defaultPaymentMethodId: paymentMethodId, version: 4 });
  });

  it('follows PaymentMethodRemoved, down to no default', async () => {
    const accountId = await kept.ada({ paymentMethod: visa });
    await kept.send(AddPaymentMethod, { accountId, paymentMethod: mastercard, makeDefault: false });
    await kept.send(RemovePaymentMethod, { accountId, paymentMethodId: paymentMethodIdOf(accountId, mastercard) });
    expect(await kept.accounts.find(accountId)).toMatchObject({ defaultPaymentMethodId: paymentMethodIdOf(accountId, visa), version: 4 });
    await kept.send(RemovePaymentMethod, { accountId, paymentMethodId: paymentMethodIdOf(accountId, visa) });
    expect(await kept.accounts.find(accountId)).toMatchObject({ defaultPaymentMethodId: null, gatewayCustomerId: 'cus_1', version: 5 });
  });

  it('follows AccountClosed, and can still be read', async () => {
    const accountId = await kept.ada();
    kept.clock.set(evening);
    await kept.send(CloseAccount, { accountId });
    expect(await kept.accounts.find(accountId)).toEqual({ id: accountId, ...asCreated, status: 'CLOSED', closedAt: evening, version: 2 });
  });

  it('is the same inside the transaction that wrote it', async () => {
    const accountId = await kept.ada({ paymentMethod: visa });
    expect(await kept.database.transaction((sql) => writtenAccount(sql, accountId))).toEqual(await kept.accounts.find(accountId));
  });

  it('is the same when it is built anew from its events', async () => {
    const accountId: AccountId = newId();
    const paymentMethodId = paymentMethodIdOf(accountId, mastercard);
    const events = [
      await kept.send(CreateAccount, { ...createAda, accountId, paymentMethod: visa }),
      await kept.send(AddPaymentMethod, { accountId, paymentMethod: mastercard, makeDefault: true }),
      await kept.send(ChangeAccount, { accountId, changes: { name: 'Ada King', locale: null } }),
      await kept.send(RemovePaymentMethod, { accountId, paymentMethodId }),
      await kept.send(CloseAccount, { accountId }),
    ].flat();
    expect(events).toHaveLength(7);
    const rows = await kept.database.query('select to_json(r) as row from accounts.account_details r where id = $1', [accountId]);
    expect(rows).toHaveLength(1);
    expect(await kept.rebuilt(accountDetails, events)).toEqual(rows);
  });
});

describe('A list of accounts', () => {
  it('is newest first, goes on after a position, and leaves the closed out', async () => {
    const email = `${randomUUID()}@example.com`;
    const ids: AccountId[] = [];
    for (const [index, at] of [noon, noon, evening, evening].entries()) {
      kept.clock.set(at);
      ids.push(await kept.ada({ email: index % 2 ? email : email.toUpperCase() }));
    }
    const newestFirst = [...ids.slice(2).sort().reverse(), ...ids.slice(0, 2).sort().reverse()];
    const all = await kept.accounts.page({ email }, pageWindow({}, {}));
    expect(all.map(({ id }) => id)).toEqual(newestFirst);
    for (const [index, after] of all.entries()) {
      const rest = await kept.accounts.page({ email }, { ...pageWindow({ limit: 1 }, {}), after });
      expect(rest.map(({ id }) => id)).toEqual(newestFirst.slice(index + 1, index + 3));
    }
    await kept.send(CloseAccount, { accountId: ids[0]! });
    expect((await kept.accounts.page({ email }, pageWindow({}, {}))).map(({ id }) => id)).toEqual(
      newestFirst.filter((id) => id !== ids[0]),
    );
    expect((await kept.accounts.page({ email, status: 'CLOSED' }, pageWindow({}, {}))).map(({ id }) => id)).toEqual([ids[0]]);
  });

  it('by ids keeps their order, and has null for one that is not there', async () => {
    const [one, two] = [await kept.ada(), await kept.ada()];
    const found = await kept.accounts.byIds([two, newId(), one, two]);
    expect(found.map((account) => account?.id)).toEqual([two, undefined, one, two]);
  });
});
