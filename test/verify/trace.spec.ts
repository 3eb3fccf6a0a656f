import { traced, tracedOf } from '../../apps/cli/src/trace.command.js';
import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';

let platform: TestPlatform;
let made: Record<'account' | 'subscription' | 'invoice' | 'payment' | 'number', string>;
beforeAll(async () => {
  platform = await startPlatform();
  const story = new Story(platform);
  await story.plan();
  const { id: account } = await story.account({ email: 'Ada@Example.com' });
  const { id: subscription, latestInvoiceId: invoice } = await story.subscription(account);
  await platform.settle();
  const { number } = (await platform.get(`/v1/invoices/${invoice}`).expect(200)).body;
  const [{ id: payment }] = (await platform.get(`/v1/payments?invoiceId=${invoice}`).expect(200)).body.data;
  made = { account, subscription, invoice, payment, number };
});
afterAll(() => platform.stop());

const trace = (what: string) => platform.database.transaction((sql) => tracedOf(sql, what));

describe('A trace', () => {
  it.each(['subscription', 'invoice', 'payment', 'number'] as const)('is found by the %s', async (by) => {
    const lines = (await trace(made[by])).join('\n');
    for (const event of ['SubscriptionStarted', 'InvoiceIssued', 'PaymentSucceeded', 'InvoicePaid']) expect(lines).toContain(event);
    expect(lines).not.toContain('AccountCreated');
  });

  it('of an account shows every request of what it has, whatever the case of its e-mail address', async () => {
    const lines = await trace(made.account);
    for (const event of ['AccountCreated', 'SubscriptionStarted', 'InvoicePaid']) expect(lines.join('\n')).toContain(event);
    expect(lines.filter((line) => line.startsWith('── request'))).toHaveLength(2);
    expect(await trace('ADA@example.COM')).toEqual(lines);
  });

  it('is found by the id of the gateway, of an event, and of the request', async () => {
    const [row] = await platform.database.query<{ intent_id: string }>('select intent_id from payments.payment_details');
    const [event] = await platform.database.query<{ event_id: string; correlation_id: string }>(
      `select event_id, correlation_id from es.event where event_type = 'InvoicePaid'`,
    );
    const direct = await platform.database.transaction((sql) => traced(sql, event!.correlation_id));
    expect(direct.length).toBeGreaterThan(5);
    for (const what of [row!.intent_id, event!.event_id, event!.correlation_id]) expect(await trace(what)).toEqual(direct);
  });

  it.each(['nobody@example.com', 'INV-1999-000001', '0190f0c8-1111-7000-8000-000000000007', 'pi_none'])('of %s is empty', async (what) => {
    expect(await trace(what)).toEqual([]);
  });
});
