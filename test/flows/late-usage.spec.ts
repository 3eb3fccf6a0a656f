import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';

let platform: TestPlatform;
let story: Story;
beforeAll(async () => {
  platform = await startPlatform();
  story = new Story(platform);
  const base = { code: 'base', name: 'Base', kind: 'recurring', model: 'flat', taxBehavior: 'exclusive' };
  const calls = { code: 'calls', name: 'Calls', kind: 'usage', model: 'graduated', taxBehavior: 'exclusive' };
  const prices = [
    { ...base, currencies: { USD: { amount: 1000 }, EUR: { amount: 900 }, JPY: { amount: 1500 }, KWD: { amount: 3000 } } },
    {
      ...{ ...calls, meter: { metric: 'calls', aggregation: 'sum' } },
      currencies: { USD: tiers('0.5'), EUR: tiers('0.45'), JPY: tiers('0.75'), KWD: tiers('1.5') },
    },
  ];
  await story.plan({ code: 'metered', name: 'Metered', prices });
  await story.plan({ code: 'daily', name: 'Daily', interval: { unit: 'day', count: 1 }, prices });
});
afterAll(() => platform.stop());

/** A thousand calls are free, the next ones cost so many minor units each. */
function tiers(unitAmount: string): object {
  return {
    tiers: [
      { upTo: '1000', unitAmount: '0' },
      { upTo: null, unitAmount },
    ],
  };
}

async function aMetered(fields: object = {}, account: object = {}): Promise<{ clock: string; id: string; accountId: string }> {
  const clock = await story.testClock('2026-01-31T15:00:00Z');
  const { id: accountId } = await story.account({ testClockId: clock, ...account });
  const { id } = await story.subscription(accountId, { planCode: 'metered', ...fields });
  return { clock, id, accountId };
}

let keys = 0;
async function use(subscriptionId: string, quantity: string, timestamp: string): Promise<string> {
  keys += 1;
  const event = { subscriptionId, metric: 'calls', quantity, timestamp, idempotencyKey: `key ${keys}` };
  const { body } = await platform.post('/v1/usage', event).expect(200);
  return body.code ?? body.status;
}

interface Shown {
  readonly id: string;
  readonly number: string;
  readonly kind: string;
  readonly issuedAt: string;
  readonly status: string;
  readonly total: { amount: number };
  readonly supplements: string | null;
  readonly lines: readonly { id: string; priceCode: string; quantity: string; amount: { amount: number }; reversesLineId: string | null }[];
}

async function invoices(id: string): Promise<Shown[]> {
  return (await platform.get(`/v1/invoices?subscriptionId=${id}&limit=100`).expect(200)).body.data.toReversed();
}

/** Oldest first: day, kind, status and total, and what of which price. */
async function billed(id: string): Promise<string[][]> {
  return (await invoices(id)).map(({ kind, issuedAt, status, total, lines }) => [
    `${issuedAt.slice(0, 10)} ${kind} ${status} ${total.amount}`,
    ...lines.map(({ priceCode, quantity, amount }) => `${quantity} ${priceCode}: ${amount.amount}`),
  ]);
}

describe('US7: late usage', () => {
  it('of six days is billed on an invoice of its own when the week is over, of eight days it is refused; and so for three months', async () => {
    const { clock, id } = await aMetered();
    await story.advance(clock, '2026-02-10T00:00:00Z');
    expect(await use(id, '900', '2026-02-09T00:00:00Z')).toBe('accepted');
    await story.advance(clock, '2026-03-06T15:00:00Z');
    // The free tier was not used up when the period was billed.
    expect(await use(id, '300', '2026-02-27T00:00:00Z')).toBe('accepted');
    await story.advance(clock, '2026-03-08T15:00:00Z');
    expect(await use(id, '1', '2026-02-27T00:00:00Z')).toBe('usage_window_closed');
    expect(await use(id, '1600', '2026-03-07T00:00:00Z')).toBe('accepted');
    await story.advance(clock, '2026-04-06T14:00:00Z');
    expect(await use(id, '400', '2026-03-31T13:59:59Z')).toBe('accepted');
    await story.advance(clock, '2026-05-30T14:00:00Z');
    expect(await billed(id)).toEqual([
      ['2026-01-31 period paid 1000', '1 base: 1000'],
      ['2026-02-28 period paid 1000', '900 calls: 0', '1 base: 1000'],
      ['2026-03-07 lateUsage paid 100', '900 calls: 0', '1200 calls: 100'],
      ['2026-03-31 period paid 1300', '1600 calls: 300', '1 base: 1000'],
      ['2026-04-07 lateUsage paid 200', '1600 calls: -300', '2000 calls: 500'],
      ['2026-04-30 period paid 1000', '1 base: 1000'],
    ]);
    const [, first, supplement, , second, next] = await invoices(id);
    expect([supplement!.supplements, first!.supplements, next!.supplements]).toEqual([first!.id, null, null]);
    expect(second).toMatchObject({ issuedAt: '2026-04-07T14:00:00.000Z', lines: [{ reversesLineId: expect.any(String) }, {}] });
    expect(first!.lines[0]!.id).toBe(supplement!.lines[0]!.reversesLineId);
  });

  it('says when it was too late, and what to do', async () => {
    const { clock, id } = await aMetered();
    await story.advance(clock, '2026-03-08T15:00:00Z');
    const event = { subscriptionId: id, metric: 'calls', quantity: '1', timestamp: '2026-02-27T00:00:00Z', idempotencyKey: 'late' };
    expect((await platform.post('/v1/usage', event).expect(200)).body).toEqual({
      ...{ idempotencyKey: 'late', status: 'refused', code: 'usage_window_closed' },
      detail: 'What was used before 2026-02-28T15:00:00.000Z was accepted until 2026-03-07T15:00:00.000Z.',
      hint: expect.stringContaining('POST /v1/invoices'),
    });
  });

  it('is billed on no invoice where it changes no amount, nor where none came', async () => {
    const { clock, id } = await aMetered();
    await story.advance(clock, '2026-03-01T15:00:00Z');
    await use(id, '999', '2026-02-27T00:00:00Z');
    await story.advance(clock, '2026-03-20T15:00:00Z');
    expect(await billed(id)).toHaveLength(2);
  });

  it('that takes back more than it adds is taken off the next invoice', async () => {
    const { clock, id } = await aMetered();
    await story.advance(clock, '2026-02-10T00:00:00Z');
    await use(id, '1500', '2026-02-09T00:00:00Z');
    await story.advance(clock, '2026-03-01T00:00:00Z');
    await use(id, '-300', '2026-02-09T00:00:00Z');
    await story.advance(clock, '2026-03-31T14:00:00Z');
    expect((await billed(id)).slice(1)).toEqual([
      ['2026-02-28 period paid 1250', '1500 calls: 250', '1 base: 1000'],
      ['2026-03-31 period paid 850', '1500 calls: -250', '1200 calls: 100', '1 base: 1000'],
    ]);
  });

  it.each([
    ['EUR', 90],
    ['JPY', 150],
    ['KWD', 300],
  ])('is billed and charged in %s', async (currency, total) => {
    const { clock, id } = await aMetered({}, { currency });
    await story.advance(clock, '2026-03-01T00:00:00Z');
    await use(id, '1200', '2026-02-09T00:00:00Z');
    await story.advance(clock, '2026-03-08T00:00:00Z');
    const [newest] = (await platform.get(`/v1/invoices?subscriptionId=${id}`).expect(200)).body.data;
    expect(newest).toMatchObject({ kind: 'lateUsage', status: 'paid', supplements: null, total: { amount: total, currency } });
  });

  it('is shown as it is known, before it is settled and after, in REST and in GraphQL', async () => {
    const { clock, id } = await aMetered();
    await story.advance(clock, '2026-03-01T00:00:00Z');
    await use(id, '1200', '2026-02-09T00:00:00Z');
    const range = 'from=2026-01-31T15:00:00Z&to=2026-02-28T15:00:00Z';
    const known = [{ quantity: '1200', events: 1, amount: { amount: 100 } }];
    expect((await platform.get(`/v1/subscriptions/${id}/usage?${range}`).expect(200)).body.data).toMatchObject(known);
    await use(id, '100', '2026-02-10T00:00:00Z');
    await story.advance(clock, '2026-03-08T00:00:00Z');
    const asked = `query ($id: ID!) { subscription(id: $id) { usage(from: "2026-01-31T15:00:00Z", to: "2026-02-28T15:00:00Z") { quantity amount { amount } }
      latestInvoice: latestInvoiceId } }`;
    const { subscription } = (await platform.graphql(asked, { id })).body.data;
    expect(subscription.usage).toEqual([{ quantity: '1300', amount: { amount: '150' } }]);
    const { body } = await platform.graphql(
      'query ($id: ID!) { invoice(id: $id) { kind supplements lines { quantity reversesLineId } } }',
      {
        id: subscription.latestInvoice,
      },
    );
    expect(body.data.invoice).toEqual({ kind: 'lateUsage', supplements: null, lines: [{ quantity: '1300', reversesLineId: null }] });
  });

  it('of a subscription that was canceled is billed too, but nothing that was used after its end', async () => {
    const { clock, id } = await aMetered();
    await story.advance(clock, '2026-02-10T00:00:00Z');
    await use(id, '1100', '2026-02-09T00:00:00Z');
    await platform.delete(`/v1/subscriptions/${id}`).expect(200);
    expect(await use(id, '100', '2026-02-10T00:00:00Z')).toBe('usage_after_end');
    await story.advance(clock, '2026-02-16T00:00:00Z');
    expect(await use(id, '200', '2026-02-09T23:59:59Z')).toBe('accepted');
    await story.advance(clock, '2026-02-18T00:00:00Z');
    expect(await use(id, '200', '2026-02-09T23:59:59Z')).toBe('usage_window_closed');
    await story.advance(clock, '2026-04-30T00:00:00Z');
    expect(await billed(id)).toEqual([
      ['2026-01-31 period paid 1000', '1 base: 1000'],
      ['2026-02-10 period paid 50', '1100 calls: 50'],
      ['2026-02-17 lateUsage paid 100', '1100 calls: -50', '1300 calls: 150'],
    ]);
    const [, end, late] = await invoices(id);
    expect(late!.supplements).toBe(end!.id);
  });

  it('is owed by an account that was closed meanwhile', async () => {
    const { clock, id, accountId } = await aMetered();
    await story.advance(clock, '2026-02-10T00:00:00Z');
    await platform.delete(`/v1/accounts/${accountId}`).expect(200);
    expect(await use(id, '1200', '2026-02-09T00:00:00Z')).toBe('accepted');
    await story.advance(clock, '2026-02-18T00:00:00Z');
    expect(await billed(id)).toEqual([
      ['2026-01-31 period paid 1000', '1 base: 1000'],
      ['2026-02-17 lateUsage paid 100', '1200 calls: 100'],
    ]);
  });

  it('of the period after a trial is billed, of the trial it is counted and costs nothing', async () => {
    const { clock, id } = await aMetered({ trialDays: 14 });
    await story.advance(clock, '2026-02-20T00:00:00Z');
    expect(await use(id, '5000', '2026-02-13T00:00:00Z')).toBe('accepted');
    expect(await use(id, '1100', '2026-02-15T00:00:00Z')).toBe('accepted');
    await story.advance(clock, '2026-03-20T00:00:00Z');
    expect(await use(id, '5000', '2026-02-13T00:00:00Z')).toBe('usage_window_closed');
    expect(await use(id, '100', '2026-02-15T00:00:00Z')).toBe('accepted');
    await story.advance(clock, '2026-03-22T00:00:00Z');
    expect((await billed(id)).slice(1)).toEqual([
      ['2026-03-14 period paid 1050', '1100 calls: 50', '1 base: 1000'],
      ['2026-03-21 lateUsage paid 50', '1100 calls: -50', '1200 calls: 100'],
    ]);
  });

  it('of several periods at once is settled one after the other, each when its week is over, in one advance', async () => {
    const { clock, id } = await aMetered({ planCode: 'daily' });
    await story.advance(clock, '2026-02-03T16:00:00Z');
    for (const day of ['2026-01-31T16:00:00Z', '2026-02-01T16:00:00Z', '2026-02-02T16:00:00Z']) {
      expect(await use(id, '1200', day)).toBe('accepted');
    }
    // Both are in time: of the third day that is over, and of the one that is running.
    expect(await use(id, '1100', '2026-02-02T16:00:00Z')).toBe('accepted');
    expect(await use(id, '1300', '2026-02-03T15:30:00Z')).toBe('accepted');
    await story.advance(clock, '2026-02-12T12:00:00Z');
    expect((await billed(id)).filter((invoice) => invoice.length > 2 || invoice[0]!.includes('lateUsage'))).toEqual([
      ['2026-02-04 period paid 1150', '1300 calls: 150', '1 base: 1000'],
      ['2026-02-08 lateUsage paid 100', '1200 calls: 100'],
      ['2026-02-09 lateUsage paid 100', '1200 calls: 100'],
      ['2026-02-10 lateUsage paid 650', '2300 calls: 650'],
    ]);
  });

  it('is counted by the days of the customer, whose clocks are set forward meanwhile', async () => {
    // On 29 March Berlin has no hour from two to three.
    const clock = await story.testClock('2026-02-26T09:00:00Z');
    const { id: accountId } = await story.account({ testClockId: clock, timeZone: 'Europe/Berlin', currency: 'EUR' });
    const { id } = await story.subscription(accountId, { planCode: 'metered' });
    await story.advance(clock, '2026-04-02T07:59:59Z');
    expect(await use(id, '1200', '2026-03-26T08:59:59Z')).toBe('accepted');
    await story.advance(clock, '2026-04-02T08:00:00Z');
    expect(await use(id, '1200', '2026-03-26T08:59:59Z')).toBe('usage_window_closed');
    expect((await billed(id)).at(-1)).toEqual(['2026-04-02 lateUsage paid 90', '1200 calls: 90']);
  });

  it('that is reported at the moment it is settled comes before it or is refused, and is never lost', async () => {
    const { clock, id } = await aMetered();
    await story.advance(clock, '2026-03-07T14:59:59Z');
    const advanced = story.advance(clock, '2026-03-07T15:00:00Z');
    const answers = await Promise.all(Array.from({ length: 12 }, () => use(id, '500', '2026-02-09T00:00:00Z')));
    await advanced;
    const accepted = answers.filter((answer) => answer === 'accepted').length;
    expect(new Set(answers).isSubsetOf(new Set(['accepted', 'usage_window_closed']))).toBe(true);
    const late = (await billed(id)).slice(2);
    expect(late).toEqual(
      accepted > 2 ? [[`2026-03-07 lateUsage paid ${(accepted - 2) * 250}`, `${accepted * 500} calls: ${(accepted - 2) * 250}`]] : [],
    );
  });
});
