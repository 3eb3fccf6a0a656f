import { randomUUID } from 'node:crypto';
import { type AccountId, newId } from '#kernel/ids.js';
import { Money } from '#kernel/money.js';
import { timeZone } from '#kernel/time-zone.js';
import { pageWindow } from '#platform/http/page.js';
import { type Queryable, rowById, rowsByIds, rowsNewestFirst } from '#platform/sql/row-query.js';
import { ReadModelStage } from '../../../../../test/support/read-model-stage.js';
import { createAda, mastercard, particulars, visa } from '../../account/account.examples.js';
import { paymentMethodIdOf } from '../../account/account.policies.js';
import { AddPaymentMethod } from '../../account/add-payment-method.js';
import { ChangeAccount } from '../../account/change-account.js';
import { CloseAccount } from '../../account/close-account.js';
import { CreateAccount } from '../../account/create-account.js';
import { EraseAccount } from '../../account/erase-account.js';
import { RemovePaymentMethod } from '../../account/remove-payment-method.js';
import { SetDefaultPaymentMethod } from '../../account/set-default-payment-method.js';
import { accountsContext } from '../../accounts.context.js';
import { accountDetails } from './account-details.projection.js';
import { type AccountRow, accountFilters, accountPosition, accountRows, accountView } from './account-details.query.js';

const noon = '2026-01-31T12:00:00.000Z';
const evening = '2026-01-31T18:30:00.123Z';

let stage: ReadModelStage;
beforeAll(async () => {
  stage = await ReadModelStage.open(accountsContext);
});
beforeEach(() => stage.setClock(noon));
afterAll(() => stage.close());

/** A new account of Ada's. */
async function ada(changes: Partial<CreateAccount['data']> = {}): Promise<AccountId> {
  const accountId: AccountId = newId();
  await stage.send(CreateAccount, { ...createAda, ...changes, accountId });
  return accountId;
}

/** The account as it is shown, with what only the ETag takes from its row. */
async function account(id: AccountId, sql: Queryable = stage.database) {
  const row = await rowById<AccountRow>(sql, accountRows, id);
  return row && { ...accountView(row), version: row.version };
}

const asCreated = {
  ...particulars,
  currency: 'USD',
  balance: Money.zero('USD'),
  status: 'ACTIVE',
  hold: null,
  defaultPaymentMethodId: null,
  testClockId: null,
  createdAt: noon,
  closedAt: null,
  erasedAt: null,
  version: '1',
};

describe('An account as it is shown', () => {
  it('begins with AccountCreated', async () => {
    const id = await ada();
    expect(await account(id)).toEqual({ id, ...asCreated });
  });

  it('follows AccountChanged in what has changed, and in nothing else', async () => {
    const accountId = await ada();
    await stage.send(ChangeAccount, { accountId, changes: { email: 'countess@example.com', region: null, taxIds: [] } });
    const once = { id: accountId, ...asCreated, email: 'countess@example.com', region: null, taxIds: [], version: '2' };
    expect(await account(accountId)).toEqual(once);
    const rest = {
      name: 'Ada King',
      timeZone: timeZone('Europe/London'),
      locale: null,
      country: 'GB',
      taxExempt: true,
      metadata: { a: 'b' },
    };
    await stage.send(ChangeAccount, { accountId, changes: rest });
    expect(await account(accountId)).toEqual({ ...once, ...rest, version: '3' });
  });

  it('follows PaymentMethodAdded with the default', async () => {
    const accountId = await ada();
    const defaultPaymentMethodId = paymentMethodIdOf(accountId, visa);
    const expected = { id: accountId, ...asCreated, defaultPaymentMethodId };
    await stage.send(AddPaymentMethod, { accountId, paymentMethod: visa, makeDefault: false });
    expect(await account(accountId)).toEqual({ ...expected, version: '2' });
    await stage.send(AddPaymentMethod, { accountId, paymentMethod: mastercard, makeDefault: false });
    expect(await account(accountId)).toEqual({ ...expected, version: '3' });
  });

  it('follows DefaultPaymentMethodChanged', async () => {
    const accountId = await ada({ paymentMethod: visa });
    const paymentMethodId = paymentMethodIdOf(accountId, mastercard);
    await stage.send(AddPaymentMethod, { accountId, paymentMethod: mastercard, makeDefault: false });
    await stage.send(SetDefaultPaymentMethod, { accountId, paymentMethodId });
    expect(await account(accountId)).toMatchObject({ defaultPaymentMethodId: paymentMethodId, version: '4' });
  });

  it('follows PaymentMethodRemoved, down to no default', async () => {
    const accountId = await ada({ paymentMethod: visa });
    await stage.send(AddPaymentMethod, { accountId, paymentMethod: mastercard, makeDefault: false });
    await stage.send(RemovePaymentMethod, { accountId, paymentMethodId: paymentMethodIdOf(accountId, mastercard) });
    expect(await account(accountId)).toMatchObject({ defaultPaymentMethodId: paymentMethodIdOf(accountId, visa), version: '4' });
    await stage.send(RemovePaymentMethod, { accountId, paymentMethodId: paymentMethodIdOf(accountId, visa) });
    expect(await account(accountId)).toMatchObject({ defaultPaymentMethodId: null, version: '5' });
  });

  it('follows AccountClosed, and can still be read', async () => {
    const accountId = await ada();
    stage.setClock(evening);
    await stage.send(CloseAccount, { accountId });
    expect(await account(accountId)).toEqual({ id: accountId, ...asCreated, status: 'CLOSED', closedAt: evening, version: '2' });
  });

  it('has metadata in the form of money as it was given, however it is come by', async () => {
    const metadata = { amount: '5', currency: 'USD' };
    const accountId = await ada({ metadata });
    await stage.send(ChangeAccount, { accountId, changes: { name: 'Ada King', metadata } });
    expect((await account(accountId))?.metadata).toEqual(metadata);
    await stage.send(ChangeAccount, { accountId, changes: { metadata: { amount: '7', currency: 'EUR' } } });
    expect((await account(accountId))?.metadata).toEqual({ amount: '7', currency: 'EUR' });
    expect(await stage.deviations(accountDetails)).toEqual([]);
  });

  it('shows nobody after AccountErased, as one that is built anew without the key', async () => {
    const accountId = await ada({ paymentMethod: visa });
    await stage.send(CloseAccount, { accountId });
    stage.setClock(evening);
    await stage.send(EraseAccount, { accountId, reason: 'asked for by letter' });
    expect(await account(accountId)).toMatchObject({
      ...{ email: '[erased]', name: '[erased]', address: null, taxIds: [], metadata: {} },
      ...{ country: 'US', status: 'CLOSED', erasedAt: evening, version: '4' },
    });
    expect(await stage.deviations(accountDetails)).toEqual([]);
  });

  it('is the same inside a transaction and outside of one', async () => {
    const accountId = await ada({ paymentMethod: visa });
    expect(await stage.database.transaction((sql) => account(accountId, sql))).toEqual(await account(accountId));
  });

  it('is the same when it is built anew from its events', async () => {
    const accountId = await ada({ paymentMethod: visa });
    const paymentMethodId = paymentMethodIdOf(accountId, mastercard);
    await stage.send(AddPaymentMethod, { accountId, paymentMethod: mastercard, makeDefault: true });
    await stage.send(ChangeAccount, { accountId, changes: { name: 'Ada King', locale: null } });
    await stage.send(RemovePaymentMethod, { accountId, paymentMethodId });
    await stage.send(CloseAccount, { accountId });
    expect(await account(accountId)).toMatchObject({ status: 'CLOSED', version: '7' });
    expect(await stage.deviations(accountDetails)).toEqual([]);
  });
});

describe('A list of accounts', () => {
  it('is newest first, goes on after a position, and leaves the closed out', async () => {
    const email = `${randomUUID()}@example.com`;
    const ids: AccountId[] = [];
    for (const [index, at] of [noon, noon, evening, evening].entries()) {
      stage.setClock(at);
      ids.push(await ada({ email: index % 2 ? email : email.toUpperCase() }));
    }
    const newestFirst = [...ids.slice(2).sort().reverse(), ...ids.slice(0, 2).sort().reverse()];
    const found = async (filter: object, window = pageWindow({}, {})) => {
      const rows = await rowsNewestFirst<AccountRow>(stage.database, accountRows, accountFilters(filter), window);
      return rows.map((row) => ({ id: row.id, position: accountPosition(row) }));
    };
    const idsOf = async (filter: object) => (await found(filter)).map(({ id }) => id);
    const all = await found({ email });
    expect(all.map(({ id }) => id)).toEqual(newestFirst);
    for (const [index, { position: after }] of all.entries()) {
      const rest = await found({ email }, { ...pageWindow({ limit: 1 }, {}), after });
      expect(rest.map(({ id }) => id)).toEqual(newestFirst.slice(index + 1, index + 3));
    }
    await stage.send(CloseAccount, { accountId: ids[0]! });
    expect(await idsOf({ email })).toEqual(newestFirst.filter((id) => id !== ids[0]));
    expect(await idsOf({ email, status: 'CLOSED' })).toEqual([ids[0]]);
  });

  it('by ids keeps their order, and has nothing for one that is not there', async () => {
    const [one, two] = [await ada(), await ada()];
    const found = await rowsByIds<AccountRow>(stage.database, accountRows, [two, newId(), one, two]);
    expect(found.map((row) => row?.id)).toEqual([two, undefined, one, two]);
  });
});
