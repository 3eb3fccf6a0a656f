import { ProjectedRows } from '#event-sourcing/testing/projected-rows.js';
import { derivedId, type SubscriptionId } from '#kernel/ids.js';
import { timeZone } from '#kernel/time-zone.js';
import { SubscriptionStarted } from '#subscriptions/contract.js';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/test-database.js';
import { anAccountId, requestedAt } from '../../payment/payment.examples.js';
import { billedStream } from './billed-stream.projection.js';

const subscriptionId: SubscriptionId = derivedId(anAccountId, 'subscription');
const started = new SubscriptionStarted({
  ...{ subscriptionId, accountId: anAccountId, currency: 'USD', timeZone: timeZone('UTC'), quantity: 1, startedAt: requestedAt },
  ...{ terms: {} as SubscriptionStarted['data']['terms'], trialEnd: null, anchorDay: null, metadata: {} },
});

describe('the streams that an account’s timers belong to', () => {
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

  it('are its subscriptions, from SubscriptionStarted on', async () => {
    expect(await rows.rows(billedStream, { streamId: subscriptionId, events: [started] })).toMatchObject([
      { id: subscriptionId, account_id: anAccountId },
    ]);
  });
});
