import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';

let platform: TestPlatform;
let story: Story;
beforeAll(async () => {
  platform = await startPlatform();
  story = new Story(platform);
  await story.plan({ code: 'pro', trialDays: 14 });
});
afterAll(() => platform.stop());

const shown = async (id: string) => (await platform.get(`/v1/subscriptions/${id}`).expect(200)).body;

/** On trial until 14 February, 10:00 in New York. */
async function aTrial(): Promise<{ clock: string; accountId: string; id: string }> {
  const clock = await story.testClock('2026-01-31T15:00:00Z');
  const account = await story.account({ testClockId: clock });
  const { id, status } = await story.subscription(account.id);
  expect(status).toBe('trialing');
  return { clock, accountId: account.id, id };
}

describe('US3: from a trial to a paid subscription', () => {
  it('bills a full period when the trial is over, from that day on', async () => {
    const { clock, accountId, id } = await aTrial();
    await story.advance(clock, '2026-02-14T14:59:59.999Z');
    expect(await shown(id)).toMatchObject({ status: 'trialing', latestInvoiceId: null });
    expect((await platform.get(`/v1/invoices?accountId=${accountId}`)).body.data).toEqual([]);

    await story.advance(clock, '2026-02-14T15:00:00Z');
    expect(await shown(id)).toMatchObject({
      ...{ status: 'active', currentPeriodStart: '2026-02-14T15:00:00.000Z', currentPeriodEnd: '2026-03-14T14:00:00.000Z' },
      ...{ trialEnd: '2026-02-14T15:00:00.000Z', anchor: { local: '2026-02-14T10:00:00.000', timeZone: 'America/New_York' } },
    });
    expect(await story.invoices(id)).toMatchObject([
      {
        ...{ status: 'paid', total: { amount: 2900 }, issuedAt: '2026-02-14T15:00:00.000Z' },
        lines: [{ period: { start: '2026-02-14T15:00:00.000Z', end: '2026-03-14T14:00:00.000Z' }, proration: null }],
      },
    ]);

    await story.advance(clock, '2026-03-14T14:00:00Z');
    expect((await story.invoices(id)).map(({ status, issuedAt }) => [status, issuedAt])).toEqual([
      ['paid', '2026-02-14T15:00:00.000Z'],
      ['paid', '2026-03-14T14:00:00.000Z'],
    ]);
  });

  it.each([
    ['now', ''],
    ['with the trial', '?atPeriodEnd=true'],
  ])('never bills one that is canceled on trial, to end %s', async (_, query) => {
    const { clock, id } = await aTrial();
    await platform.delete(`/v1/subscriptions/${id}${query}`).expect(200);
    await story.advance(clock, '2026-06-01T00:00:00Z');
    expect(await shown(id)).toMatchObject({
      ...{ status: 'canceled', latestInvoiceId: null },
      canceledAt: query ? '2026-02-14T15:00:00.000Z' : '2026-01-31T15:00:00.000Z',
    });
    expect(await story.invoices(id)).toEqual([]);
  });
});
