import type { Response, Test } from 'supertest';
import { CloseAccount } from '#accounts/account/close-account.js';
import type { CommandMeta } from '#event-sourcing/command.js';
import { CommandBus } from '#event-sourcing/command-bus.js';
import { type AccountId, bucketOf, newId, type PlanId, type SubscriptionId } from '#kernel/ids.js';
import { StartSubscription } from '#subscriptions/subscription/start-subscription.js';
import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';

interface Shown {
  readonly id: string;
  readonly status: string;
  readonly canceledAt: string | null;
}

let platform: TestPlatform;
let story: Story;
let planId: PlanId;
beforeAll(async () => {
  platform = await startPlatform();
  story = new Story(platform);
  planId = (await story.plan()).id as PlanId;
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

  it('has nothing running when it is closed before a start that it did not see is committed', async () => {
    const account = await story.account({ paymentMethod: undefined });
    const subscriptionId: SubscriptionId = newId(bucketOf(account.id));
    const { answers, replies } = meanwhile(() => platform.delete(`/v1/accounts/${account.id}`));
    const start = {
      accountId: account.id as AccountId,
      planId,
      quantity: 1,
      trialDays: null,
      startAt: null,
      anchorDay: null,
      metadata: {},
    };
    await commands().execute(new StartSubscription({ ...start, subscriptionId }, { ...asked, answer: answers }));
    expect((await replies[0])!.status).toBe(200);
    expect(await subscriptionsOf(account.id)).toMatchObject([{ id: subscriptionId, status: 'canceled' }]);
    expect(await timersOf([subscriptionId])).toEqual([]);
  });

  it('refuses a start that did not see the closing, which is not committed yet', async () => {
    const { id } = await story.account({ paymentMethod: undefined });
    const { answers, replies } = meanwhile(() => platform.post('/v1/subscriptions', { accountId: id, planCode: 'pro' }));
    await commands().execute(new CloseAccount({ accountId: id as AccountId }, { ...asked, answer: answers }));
    expect((await replies[0])!.body).toMatchObject({ status: 409, code: 'account_closed', errors: [{ pointer: '/accountId' }] });
    expect(await subscriptionsOf(id)).toEqual([]);
  });

  it('has nothing running, in whatever order starts and the closing come at once', async () => {
    for (let round = 0; round < 6; round += 1) {
      const { id } = await story.account({ paymentMethod: undefined });
      const requests = Array.from({ length: 5 }, () => () => platform.post('/v1/subscriptions', { accountId: id, planCode: 'pro' }));
      requests.splice(round, 0, () => platform.delete(`/v1/accounts/${id}`));
      const started = (await Promise.all(requests.map((send) => send()))).filter((_, index) => index !== round);
      for (const { status, body } of started) if (status !== 201) expect(body.code).toBe('account_closed');
      const subscriptions = await subscriptionsOf(id);
      expect(subscriptions).toHaveLength(started.filter(({ status }) => status === 201).length);
      expect(subscriptions.filter(({ status }) => status !== 'canceled')).toEqual([]);
      expect(await timersOf(subscriptions.map((subscription) => subscription.id))).toEqual([]);
    }
  });
});

const asked = { actor: 'spec', correlationId: 'spec' };

function commands(): CommandBus {
  return platform.app.get(CommandBus, { strict: false });
}

/** Sends a request while a command is written and not yet committed: the request has read, and waits for the bucket, before it is. */
function meanwhile(send: () => Test): { answers: NonNullable<CommandMeta['answer']>; replies: Promise<Response>[] } {
  const replies: Promise<Response>[] = [];
  const answers = async () => {
    replies.push(send().then((reply) => reply));
    while (!(await somebodyWaitsForALock()));
    return { status: 200, headers: {}, body: null };
  };
  return { answers, replies };
}

async function somebodyWaitsForALock(): Promise<boolean> {
  return (await platform.database.query('select 1 from pg_locks where not granted')).length > 0;
}
