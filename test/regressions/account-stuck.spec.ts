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

const statuses = async (subscriptionId: string) => (await story.invoices(subscriptionId)).map(({ status }) => status);

describe('An account stuck for ever after a false alarm (killbill #640, #2109, #2306)', () => {
  it('goes on where it was once a person has released it, and nothing of the time between is lost or billed twice', async () => {
    const clock = await story.testClock(START);
    const { accountId, subscriptionId } = await customer(clock);
    await falseAlarm(accountId);
    await story.advance(clock, '2026-03-15T00:00:00Z');
    await platform.post(`/v1/accounts/${accountId}/release`, { reason: 'A false alarm.' }).expect(200);
    await platform.settle();
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
