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

describe('US3, US4, US5: a subscription from its first invoice through twelve renewals', () => {
  it('answers with its issued invoice, which is paid a moment later', async () => {
    const account = await story.account();
    const subscription = await story.subscription(account.id);
    expect(subscription.status).toBe('active');
    const issued = await platform.get(`/v1/invoices/${subscription.latestInvoiceId}`).expect(200);
    expect(issued.body).toMatchObject({ status: 'open', total: { amount: 2900, currency: 'USD' }, accountId: account.id });
    await platform.settle();
    const paid = await platform.get(`/v1/invoices/${subscription.latestInvoiceId}`).expect(200);
    expect(paid.body).toMatchObject({
      status: 'paid',
      amountPaid: { amount: 2900, currency: 'USD' },
      amountDue: { amount: 0, currency: 'USD' },
    });
    const payments = await platform.get(`/v1/payments?invoiceId=${subscription.latestInvoiceId}`).expect(200);
    expect(payments.body.data).toMatchObject([{ status: 'succeeded', attempt: 1, amount: { amount: 2900, currency: 'USD' } }]);
  });

  it('shows an account with subscriptions, invoices and payments in one GraphQL request', async () => {
    const account = await story.account();
    await story.subscription(account.id);
    await platform.settle();
    const { body } = await platform
      .graphql(
        `query ($id: ID!) { account(id: $id) { name subscriptions(first: 5) { edges { node { status
           invoices(first: 5) { edges { node { number status total { amount currency formatted } payments(first: 5) { edges { node { status } } } } } } } } } } }`,
        { id: account.id },
      )
      .expect(200);
    expect(body.errors).toBeUndefined();
    expect(body.data.account.subscriptions.edges[0].node).toMatchObject({
      status: 'active',
      invoices: {
        edges: [
          {
            node: {
              status: 'paid',
              total: { amount: '2900', currency: 'USD', formatted: '$29.00' },
              payments: { edges: [{ node: { status: 'succeeded' } }] },
            },
          },
        ],
      },
    });
  });

  it('bills thirteen times in twelve months, anchored on the 31st in New York, and the books balance', async () => {
    const clock = await story.testClock('2026-01-31T15:30:00Z');
    const account = await story.account({ testClockId: clock });
    const subscription = await story.subscription(account.id);
    await platform.settle();
    await story.advance(clock, '2027-01-31T15:30:00Z');

    const invoices = await story.invoices(subscription.id);
    expect(invoices.map(({ status }) => status)).toEqual(Array(13).fill('paid'));
    expect(invoices.map(({ issuedAt }) => issuedAt)).toEqual([
      '2026-01-31T15:30:00.000Z',
      '2026-02-28T15:30:00.000Z',
      // Daylight saving began on 8 March: still half past ten in New York.
      '2026-03-31T14:30:00.000Z',
      '2026-04-30T14:30:00.000Z',
      '2026-05-31T14:30:00.000Z',
      '2026-06-30T14:30:00.000Z',
      '2026-07-31T14:30:00.000Z',
      '2026-08-31T14:30:00.000Z',
      '2026-09-30T14:30:00.000Z',
      '2026-10-31T14:30:00.000Z',
      '2026-11-30T15:30:00.000Z',
      '2026-12-31T15:30:00.000Z',
      '2027-01-31T15:30:00.000Z',
    ]);
    const numbers = await platform.database.query<{ number: string }>(`select number from invoicing.invoice_details order by number`);
    expect(gaps(numbers.map(({ number }) => number))).toEqual([]);
    const { body } = await platform.get('/v1/ledger/trial-balance').expect(200);
    expect(body.currencies).toMatchObject([{ currency: 'USD', balanced: true }]);
  });
});

function gaps(numbers: readonly string[]): string[] {
  const next = new Map<string, number>();
  return numbers.filter((number) => {
    const [, series = '', count = ''] = /^(.*)-(\d+)$/.exec(number) ?? [];
    const expected = (next.get(series) ?? 0) + 1;
    next.set(series, expected);
    return Number(count) !== expected;
  });
}
