import { PaymentMethodAdded, PaymentMethodRemoved } from '#accounts/contract.js';
import { ProjectedRows } from '#event-sourcing/testing/projected-rows.js';
import { derivedId, type PaymentMethodId } from '#kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/test-database.js';
import { anAccountId } from '../../payment/payment.examples.js';
import { paymentMethod } from './payment-method.projection.js';

const paymentMethodId: PaymentMethodId = derivedId(anAccountId, 'a card');
const added = new PaymentMethodAdded({
  ...{ accountId: anAccountId, paymentMethodId, isDefault: true, type: 'card', brand: 'visa', last4: '4242', expMonth: 12, expYear: 2029 },
  gateway: { customerId: 'cus_1', methodId: 'pm_1' },
});

describe('the payment methods that can be charged', () => {
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
    expect(row).toEqual({ bucket: 42, id: paymentMethodId, account_id: anAccountId, customer_id: 'cus_1', method_id: 'pm_1' });
  });

  it('are gone once they are removed', async () => {
    const removed = new PaymentMethodRemoved({ accountId: anAccountId, paymentMethodId, wasDefault: true });
    expect(await rows.rows(paymentMethod, { streamId: anAccountId, events: [added, removed] })).toEqual([]);
  });
});
