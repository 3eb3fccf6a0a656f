import { PaymentMethodAdded, PaymentMethodRemoved } from '#accounts/contract.js';
import { ProjectedRows } from '#event-sourcing/testing/projected-rows.js';
import { derivedId, type PaymentMethodId } from '#kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/test-database.js';
import { anAccountId } from '../../payment/payment.examples.js';
import { paymentMethod } from './payment-method.projection.js';

const paymentMethodId: PaymentMethodId = derivedId(anAccountId, 'a card');
const added = new PaymentMethodAdded({
  ...{ accountId: anAccountId, paymentMethodId, isDefault: true, type: 'card', brand: 'visa', last4: '4242', expMonth: 12, expYear: 2029 },
  gateway: { name: 'stripe', customerId: 'cus_1', methodId: 'pm_1' },
});

describe('the payment methods at the gateways', () => {
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

  it('hold what the gateway calls them, and nothing that a customer would know them by', async () => {
    const [row] = await rows.rows(paymentMethod, { streamId: anAccountId, events: [added] });
    expect(row).toEqual({
      bucket: 42,
      id: paymentMethodId,
      account_id: anAccountId,
      gateway: 'stripe',
      customer_id: 'cus_1',
      method_id: 'pm_1',
      added_in: '1',
      is_attached: true,
    });
  });

  it('are known still when they are removed, and can be added again', async () => {
    const removed = new PaymentMethodRemoved({ accountId: anAccountId, paymentMethodId, wasDefault: true });
    expect(await rows.rows(paymentMethod, { streamId: anAccountId, events: [added, removed] })).toMatchObject([{ is_attached: false }]);
    expect(await rows.rows(paymentMethod, { streamId: anAccountId, events: [added, removed, added] })).toMatchObject([
      { added_in: '3', is_attached: true },
    ]);
    await rows.empty(paymentMethod);
    await rows.add(paymentMethod, { streamId: anAccountId, events: [added, removed] });
    await rows.add(paymentMethod, { streamId: anAccountId, events: [added] });
    expect(await rows.database.query('select is_attached from payments.payment_method')).toEqual([{ is_attached: true }]);
  });
});
