import { CommandBus } from '#event-sourcing/command-bus.js';
import type { AccountId } from '#kernel/ids.js';
import { ParkAccount } from '#payments/account-hold/park-account.js';
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

const START = '2026-01-31T15:30:00Z';

async function customer(clock: string): Promise<{ accountId: string; subscriptionId: string }> {
  const { id: accountId } = await story.account({ testClockId: clock, email: `${crypto.randomUUID()}@example.com` });
  const { id: subscriptionId } = await story.subscription(accountId);
  await platform.settle();
  return { accountId, subscriptionId };
}

async function falseAlarm(accountId: string): Promise<void> {
  const park = { accountId: accountId as AccountId, reason: 'by_hand', details: 'It looked like double billing.' } as const;
  await platform.app.get(CommandBus, { strict: false }).execute(new ParkAccount(park, { actor: 'spec', correlationId: 'spec' }));
  await platform.settle();
}

async function release(accountId: string): Promise<void> {
  await platform.post(`/v1/accounts/${accountId}/release`, { reason: 'A false alarm.' }).expect(200);
  await platform.settle();
}

/** A customer with a hundred branches: 99 invoices of today, and one that is one too many. */
async function tooManyInvoices(): Promise<{ accountId: string; latestInvoiceId: string }> {
  const { id: accountId } = await story.account({ email: `${crypto.randomUUID()}@example.com` });
  const { latestInvoiceId: first } = await story.subscription(accountId);
  await platform.settle();
  await platform.database.query(
    `insert into payments.collectible_invoice (bucket, id, account_id, due_amount, currency, is_open, attempts, issued_at, is_withheld)
     select bucket, encode(set_byte(uuid_send(gen_random_uuid()), 15, bucket::integer), 'hex')::uuid, account_id, 1, 'USD', false, 1, now(), false
       from payments.collectible_invoice, generate_series(1, 99) where id = $1`,
    [first],
  );
  const { latestInvoiceId } = await story.subscription(accountId);
  await platform.settle();
  expect(await isParked(accountId)).toBe(true);
  return { accountId, latestInvoiceId };
}

/** Guard removed: what was counted before a release is counted after it. */
const forgetReleases = () => platform.database.query('update payments.payer set released_at = null');

async function isParked(accountId: string): Promise<boolean> {
  const { body } = await platform.get('/v1/account-holds').expect(200);
  return body.data.some((hold: { accountId: string }) => hold.accountId === accountId);
}

async function paymentsOf(invoiceId: string): Promise<string[]> {
  const { body } = await platform.get(`/v1/payments?invoiceId=${invoiceId}`).expect(200);
  return body.data.map(({ status }: { status: string }) => status);
}

const statuses = async (subscriptionId: string) => (await story.invoices(subscriptionId)).map(({ status }) => status);

describe('An account stuck for ever after a false alarm (killbill #640, #2109, #2306)', () => {
  it('goes on where it was each time that a person has released it, and nothing of the time between is lost or billed twice', async () => {
    const clock = await story.testClock(START);
    const { accountId, subscriptionId } = await customer(clock);
    await falseAlarm(accountId);
    await story.advance(clock, '2026-03-15T00:00:00Z');
    await release(accountId);
    // Twice in one period, as in #2306.
    await falseAlarm(accountId);
    await story.advance(clock, '2026-03-20T00:00:00Z');
    await release(accountId);
    await story.advance(clock, '2026-05-15T00:00:00Z');
    const invoices = await story.invoices(subscriptionId);
    const starts = invoices.map(({ lines }) => lines[0]!.period.start.slice(0, 10));
    expect(starts).toEqual(['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30']);
    expect(invoices.map(({ status }) => status)).toEqual(Array(4).fill('paid'));
  });

  it('pays nothing while nobody releases it, which shows that the release is what sets it going', async () => {
    const clock = await story.testClock(START);
    const { accountId, subscriptionId } = await customer(clock);
    await falseAlarm(accountId);
    await story.advance(clock, '2026-05-15T00:00:00Z');
    expect((await statuses(subscriptionId)).filter((status) => status === 'paid')).toEqual(['paid']);
  });

  it('is not stuck again after its release: what it was released for never counts any more', async () => {
    const { accountId, latestInvoiceId } = await tooManyInvoices();
    await release(accountId);
    expect(await isParked(accountId)).toBe(false);
    expect(await paymentsOf(latestInvoiceId)).toEqual(['succeeded']);
    const { latestInvoiceId: next } = await story.subscription(accountId);
    await platform.settle();
    expect(await paymentsOf(next)).toEqual(['succeeded']);
  });

  it('is stuck again at once when nobody remembers the release, which shows that this is what lets it go on', async () => {
    const { accountId } = await tooManyInvoices();
    await release(accountId);
    await forgetReleases();
    const { latestInvoiceId: next } = await story.subscription(accountId);
    await platform.settle();
    expect(await paymentsOf(next)).toEqual([]);
    expect(await isParked(accountId)).toBe(true);
  });

  it('is seen: in the details of the health and in the metrics, while requests are served as before', async () => {
    const parked = async () => Number(/^perennial_parked_accounts (\d+)$/m.exec((await platform.get('/metrics').expect(200)).text)![1]);
    const before = await parked();
    const { accountId } = await customer(await story.testClock(START));
    await falseAlarm(accountId);
    expect(await parked()).toBe(before + 1);
    const { body } = await platform.get('/health/details').expect(200);
    const [concern] = body.concerns.filter(({ name }: { name: string }) => name === 'parked_accounts');
    expect(concern).toMatchObject({ count: before + 1, shown: expect.arrayContaining([expect.objectContaining({ accountId })]) });
    expect((await platform.get('/health/ready').expect(200)).body.status).toBe('ready');
    await release(accountId);
    expect(await parked()).toBe(before);
  });

  it('holds up nobody else', async () => {
    const clock = await story.testClock(START);
    const parked = await customer(clock);
    const other = await customer(clock);
    await falseAlarm(parked.accountId);
    await story.advance(clock, '2026-03-15T00:00:00Z');
    expect(await statuses(other.subscriptionId)).toEqual(['paid', 'paid']);
  });

  it('is not brought about by a past that looks like double billing: what was settled is never derived again', async () => {
    const clock = await story.testClock(START);
    const { accountId, subscriptionId: first } = await customer(clock);
    await platform.delete(`/v1/subscriptions/${first}`).expect(200);
    const { id: second } = await story.subscription(accountId);
    await platform.delete(`/v1/subscriptions/${second}?atPeriodEnd=true`).expect(200);
    const { id: third } = await story.subscription(accountId);
    await story.advance(clock, '2026-04-15T00:00:00Z');
    expect([await statuses(first), await statuses(second), await statuses(third)]).toEqual([['paid'], ['paid'], ['paid', 'paid', 'paid']]);
    const aside = 'select name from es.timer where set_aside_at is not null and stream_id = any($1::uuid[])';
    expect(await platform.database.query(aside, [[first, second, third]])).toEqual([]);
  });
});
