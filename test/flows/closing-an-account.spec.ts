import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';

interface Shown {
  readonly id: string;
  readonly status: string;
  readonly canceledAt: string | null;
}

let platform: TestPlatform;
let story: Story;
beforeAll(async () => {
  platform = await startPlatform();
  story = new Story(platform);
  await story.plan();
});
afterAll(() => platform.stop());

async function subscriptionsOf(accountId: string): Promise<Shown[]> {
  return (await platform.get(`/v1/subscriptions?accountId=${accountId}&limit=100`).expect(200)).body.data;
}

async function timersOf(ids: readonly string[]): Promise<unknown[]> {
  return platform.database.query('select name from es.timer where stream_id = any($1::uuid[])', [ids]);
}

describe('An account that is closed', () => {
  it('is never billed again: its subscriptions end with it', async () => {
    const clock = await story.testClock('2026-01-31T15:00:00Z');
    const [account, other] = [await story.account({ testClockId: clock }), await story.account({ testClockId: clock })];
    const active = await story.subscription(account.id);
    const trial = await story.subscription(account.id, { trialDays: 30 });
    const ending = await story.subscription(account.id);
    await platform.delete(`/v1/subscriptions/${ending.id}?atPeriodEnd=true`).expect(200);
    const canceled = await story.subscription(account.id);
    await platform.delete(`/v1/subscriptions/${canceled.id}`).expect(200);
    const bystander = await story.subscription(other.id);
    await story.advance(clock, '2026-02-10T15:00:00Z');

    await platform.delete(`/v1/accounts/${account.id}`).expect(200);
    const ended = await subscriptionsOf(account.id);
    const closedAt = '2026-02-10T15:00:00.000Z';
    expect(new Map(ended.map(({ id, status, canceledAt }) => [id, [status, canceledAt]]))).toEqual(
      new Map([
        [active.id, ['canceled', closedAt]],
        [trial.id, ['canceled', closedAt]],
        [ending.id, ['canceled', closedAt]],
        [canceled.id, ['canceled', '2026-01-31T15:00:00.000Z']],
      ]),
    );
    expect(await timersOf(ended.map(({ id }) => id))).toEqual([]);

    await story.advance(clock, '2027-02-10T15:00:00Z');
    expect((await platform.get(`/v1/invoices?accountId=${account.id}`)).body.data).toHaveLength(3);
    expect(await story.invoices(bystander.id)).toHaveLength(13);
    expect((await platform.get(`/v1/subscriptions/${bystander.id}`)).body.status).toBe('active');
  });

  it('takes no new subscription, and can be closed again', async () => {
    const { id } = await story.account();
    const first = await platform.delete(`/v1/accounts/${id}`).expect(200);
    const { body } = await platform.post('/v1/subscriptions', { accountId: id, planCode: 'pro' }).expect(409);
    expect(body).toMatchObject({ code: 'account_closed', errors: [{ pointer: '/accountId' }], hint: expect.any(String) });
    expect((await platform.delete(`/v1/accounts/${id}`).expect(200)).body).toEqual(first.body);
  });

  it('has nothing running when subscriptions start in the very moment of its closing', async () => {
    const outcomes = new Set<number>();
    for (let round = 0; round < 12; round += 1) {
      const { id } = await story.account({ paymentMethod: undefined });
      const start = () => platform.post('/v1/subscriptions', { accountId: id, planCode: 'pro' });
      const before = Array.from({ length: 1 + (round % 4) }, start);
      const [closed, ...started] = await Promise.all([platform.delete(`/v1/accounts/${id}`), ...before, start(), start()]);
      expect(closed!.status).toBe(200);
      for (const { status, body } of started) {
        outcomes.add(status);
        if (status !== 201) expect(body.code).toBe('account_closed');
      }
      const subscriptions = await subscriptionsOf(id);
      expect(subscriptions).toHaveLength(started.filter(({ status }) => status === 201).length);
      expect(subscriptions.filter(({ status }) => status !== 'canceled')).toEqual([]);
      expect(await timersOf(subscriptions.map((subscription) => subscription.id))).toEqual([]);
    }
    // Else the rounds would have shown one side of it only.
    expect(outcomes).toEqual(new Set([201, 409]));
  });
});
