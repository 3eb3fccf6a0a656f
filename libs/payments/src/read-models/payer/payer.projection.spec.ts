import { AccountCreated, DefaultPaymentMethodChanged, PaymentMethodAdded, PaymentMethodRemoved } from '#accounts/contract.js';
import type { AnyEvent } from '#event-sourcing/domain-event.js';
import { ProjectedRows } from '#event-sourcing/testing/projected-rows.js';
import { requestOf } from '#event-sourcing/testing/specification.js';
import { bucketOf, derivedId, type PaymentMethodId } from '#kernel/ids.js';
import { timeZone } from '#kernel/time-zone.js';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/test-database.js';
import { AccountParked, AccountReleased } from '../../account-hold/account-hold.events.js';
import { holdIdOf } from '../../account-hold/account-hold.state.js';
import { requestFacts } from '../../facts/request-payment.facts.js';
import { anAccountId, anAmount, anInvoiceId, requestedAt } from '../../payment/payment.examples.js';
import { paymentMethod } from '../payment-method/payment-method.projection.js';
import { ParkedAccounts } from './parked-accounts.query.js';
import { payer } from './payer.projection.js';

const [first, second] = ['first', 'second'].map((name) => derivedId<'payment-method'>(anAccountId, name)) as [
  PaymentMethodId,
  PaymentMethodId,
];
const created = new AccountCreated({
  ...{
    accountId: anAccountId,
    email: 'ada@example.com',
    name: 'Ada',
    currency: 'USD',
    timeZone: timeZone('UTC'),
    locale: null,
    country: null,
  },
  ...{
    region: null,
    address: null,
    taxIds: [],
    particularsVersion: 1,
    taxExempt: false,
    externalId: null,
    metadata: {},
    testClockId: null,
  },
});
const added = (paymentMethodId: PaymentMethodId, isDefault: boolean) =>
  new PaymentMethodAdded({
    ...{ accountId: anAccountId, paymentMethodId, isDefault, type: 'card', brand: 'visa', last4: '4242', expMonth: 12, expYear: 2029 },
    gateway: { name: 'stripe', customerId: 'cus_1', methodId: `pm_${paymentMethodId}` },
  });
const removed = (paymentMethodId: PaymentMethodId, wasDefault: boolean) =>
  new PaymentMethodRemoved({ accountId: anAccountId, paymentMethodId, wasDefault });
const preferred = (paymentMethodId: PaymentMethodId) => new DefaultPaymentMethodChanged({ accountId: anAccountId, paymentMethodId });

describe('what an account pays with', () => {
  let testDatabase: TestDatabase;
  let rows: ProjectedRows;
  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    rows = await ProjectedRows.open(testDatabase.url);
  });
  afterAll(async () => {
    await rows.close();
    await testDatabase.drop();
  });

  it.each<[string, AnyEvent[], PaymentMethodId | null]>([
    ['nothing, of a new account', [created], null],
    ['the method that was added as the default', [created, added(first, true)], first],
    ['still the first, when another is added beside it', [created, added(first, true), added(second, false)], first],
    ['the one that was made the default', [created, added(first, true), added(second, false), preferred(second)], second],
    ['nothing, once the default is removed', [created, added(first, true), removed(first, true)], null],
    [
      'its successor, once the default is removed',
      [created, added(first, true), added(second, false), removed(first, true), preferred(second)],
      second,
    ],
    ['still the default, when another is removed', [created, added(first, true), added(second, false), removed(second, false)], first],
  ])('is %s', async (_, events, expected) => {
    const history = { streamId: anAccountId, events };
    expect(await rows.rows(payer, history)).toMatchObject([{ id: anAccountId, default_method_id: expected }]);
    await rows.rows(paymentMethod, history);
    const [facts] = await rows.database.transaction((sql) =>
      requestFacts(
        sql,
        [requestOf({ accountId: anAccountId, invoiceId: anInvoiceId, amount: anAmount, issuedAt: requestedAt })],
        bucketOf(anAccountId),
      ),
    );
    expect(facts).toEqual({
      isParked: false,
      issuedLately: 0,
      unadmittedLately: 0,
      isClosed: false,
      method: expected && { gateway: 'stripe', customerId: 'cus_1', methodId: `pm_${expected}` },
    });
  });

  it('is asked of nobody from AccountParked to AccountReleased', async () => {
    const parked = new AccountParked({ accountId: anAccountId, reason: 'stray_charge', details: 'pi_1', parkedAt: requestedAt });
    const released = new AccountReleased({ accountId: anAccountId, reason: 'looked at', withheld: [], releasedAt: requestedAt });
    const hold = (...events: AnyEvent[]) => ({ streamId: holdIdOf(anAccountId), events });
    const account = { streamId: anAccountId, events: [created] };
    expect(await rows.rows(payer, account, hold(parked))).toMatchObject([
      { is_parked: true, parked_reason: 'stray_charge', released_at: null },
    ]);
    expect(await new ParkedAccounts(rows.database).count()).toBe(1);
    expect(await new ParkedAccounts(rows.database).newest()).toMatchObject([{ accountId: anAccountId, isParked: true, details: 'pi_1' }]);
    expect(await rows.rows(payer, account, hold(parked, released))).toMatchObject([{ is_parked: false, parked_reason: 'stray_charge' }]);
    expect(await new ParkedAccounts(rows.database).count()).toBe(0);
    expect(await rows.rows(payer, account, hold(parked, released, parked))).toMatchObject([{ is_parked: true }]);
  });
});
