import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';

let platform: TestPlatform;
let story: Story;
beforeAll(async () => {
  platform = await startPlatform();
  story = new Story(platform);
  await story.plan();
});
afterAll(() => platform.stop());

describe('US6: a card that is declined', () => {
  it('leaves the invoice open and the subscription running, until another card pays it', async () => {
    const clock = await story.testClock('2026-01-31T15:00:00Z');
    const account = await story.account({ testClockId: clock, paymentMethod: { token: 'pm_card_chargeDeclined' } });
    const { id } = await story.subscription(account.id);
    await story.advance(clock, '2026-02-28T15:00:00Z');

    const open = { status: 'open', amountDue: { amount: 2900 }, amountPaid: { amount: 0 } };
    const invoices = (await story.invoices(id)) as unknown as { id: string }[];
    expect(invoices).toMatchObject([open, open]);
    expect((await platform.get(`/v1/subscriptions/${id}`)).body).toMatchObject({
      ...{ status: 'active', currentPeriodStart: '2026-02-28T15:00:00.000Z', canceledAt: null },
    });
    const declined = { status: 'failed', failure: { code: expect.any(String), message: expect.any(String) } };
    const payments = `/v1/payments?invoiceId=${invoices[0]!.id}`;
    expect((await platform.get(payments)).body.data).toMatchObject([declined]);

    await platform.post(`/v1/accounts/${account.id}/payment-methods`, { token: 'pm_card_visa', isDefault: true }).expect(201);
    await platform.post('/v1/payments/retry', { invoiceId: invoices[0]!.id }).expect(201);
    await platform.settle();
    expect(await story.invoices(id)).toMatchObject([{ status: 'paid', amountDue: { amount: 0 } }, open]);
    expect((await platform.get(payments)).body.data).toMatchObject([{ status: 'succeeded', attempt: 2 }, declined]);

    // What is still owed stands in the books, and they balance.
    const { body } = await platform.get('/v1/ledger/trial-balance').expect(200);
    expect(body.currencies).toMatchObject([{ currency: 'USD', balanced: true }]);
  });
});
