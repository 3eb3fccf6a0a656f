import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';

let platform: TestPlatform;
let story: Story;
beforeAll(async () => {
  platform = await startPlatform();
  story = new Story(platform);
  const shared = { kind: 'usage', taxBehavior: 'exclusive' };
  await story.plan({
    code: 'metered',
    name: 'Metered',
    prices: [
      {
        ...{ code: 'base', name: 'Base', kind: 'recurring', model: 'flat', taxBehavior: 'exclusive' },
        currencies: { USD: { amount: 1000 }, EUR: { amount: 900 }, JPY: { amount: 1500 }, KWD: { amount: 3000 } },
      },
      {
        ...{ ...shared, code: 'calls', name: 'Calls', model: 'graduated', meter: { metric: 'calls', aggregation: 'sum' } },
        currencies: {
          USD: { tiers: tiers('0.5') },
          EUR: { tiers: tiers('0.45') },
          JPY: { tiers: tiers('0.75') },
          KWD: { tiers: tiers('1.5') },
        },
      },
    ],
  });
});
afterAll(() => platform.stop());

/** A thousand calls are free, the next ones cost so many minor units each. */
function tiers(unitAmount: string): object[] {
  return [
    { upTo: '1000', unitAmount: '0' },
    { upTo: null, unitAmount },
  ];
}

async function aMetered(currency = 'USD'): Promise<{ clock: string; id: string }> {
  const clock = await story.testClock('2026-01-31T15:00:00Z');
  const { id } = await story.subscription((await story.account({ testClockId: clock, currency })).id, { planCode: 'metered' });
  return { clock, id };
}

async function use(subscriptionId: string, idempotencyKey: string, quantity: string, timestamp: string): Promise<string> {
  const { body } = await platform.post('/v1/usage', { subscriptionId, metric: 'calls', quantity, timestamp, idempotencyKey }).expect(200);
  return body.code ?? body.status;
}

interface Shown {
  readonly status: string;
  readonly total: { amount: number };
  readonly lines: readonly { priceCode: string; quantity: string; amount: { amount: number }; period: { start: string } }[];
}

/** Oldest first: status, total, and what of which period. */
async function billed(id: string): Promise<unknown[]> {
  const { body } = await platform.get(`/v1/invoices?subscriptionId=${id}&limit=100`).expect(200);
  return (body.data as Shown[])
    .toReversed()
    .map(({ status, total, lines }) => [
      `${status} ${total.amount}`,
      ...lines.map(
        ({ priceCode, quantity, amount, period }) => `${quantity} ${priceCode} from ${period.start.slice(0, 10)}: ${amount.amount}`,
      ),
    ]);
}

describe('US7: usage through three months', () => {
  it('is counted once, billed by its tiers with the next invoice, and paid', async () => {
    const { clock, id } = await aMetered();
    await story.advance(clock, '2026-02-10T00:00:00Z');
    expect(await use(id, 'february/1', '900', '2026-02-01T00:00:00Z')).toBe('accepted');
    expect(await use(id, 'february/2', '400.5', '2026-02-09T00:00:00Z')).toBe('accepted');
    expect(await use(id, 'february/2', '400.5', '2026-02-09T00:00:00Z')).toBe('duplicate');
    expect(await use(id, 'february/2', '401', '2026-02-09T00:00:00Z')).toBe('usage_key_reused');
    const soFar = (await platform.get(`/v1/subscriptions/${id}/usage`).expect(200)).body.data;
    expect(soFar).toMatchObject([{ quantity: '1300.5', amount: { amount: 150 } }]);

    await story.advance(clock, '2026-03-01T00:00:00Z');
    expect(await use(id, 'before', '5', '2026-01-31T14:59:59Z')).toBe('usage_before_start');
    expect(await use(id, 'march/1', '1000', '2026-02-28T15:00:00Z')).toBe('accepted');
    await story.advance(clock, '2026-04-30T14:00:00Z');
    expect(await billed(id)).toEqual([
      ['paid 1000', '1 base from 2026-01-31: 1000'],
      ['paid 1150', '1300.5 calls from 2026-01-31: 150', '1 base from 2026-02-28: 1000'],
      // Within the free tier: a line that says so, of nothing.
      ['paid 1000', '1000 calls from 2026-02-28: 0', '1 base from 2026-03-31: 1000'],
      // Nothing was used, and nothing is said of it.
      ['paid 1000', '1 base from 2026-04-30: 1000'],
    ]);
  });

  it('is billed when the subscription ends, and nothing is counted after that', async () => {
    const { clock, id } = await aMetered();
    await story.advance(clock, '2026-02-10T00:00:00Z');
    await use(id, 'a', '1200', '2026-02-09T00:00:00Z');
    await platform.delete(`/v1/subscriptions/${id}`).expect(200);
    expect(await use(id, 'b', '1200', '2026-02-10T00:00:00Z')).toBe('usage_after_end');
    await story.advance(clock, '2026-04-30T14:00:00Z');
    expect(await billed(id)).toEqual([
      ['paid 1000', '1 base from 2026-01-31: 1000'],
      ['paid 100', '1200 calls from 2026-01-31: 100'],
    ]);
  });

  it('of a trial costs nothing', async () => {
    const clock = await story.testClock('2026-01-31T15:00:00Z');
    const accountId = (await story.account({ testClockId: clock })).id;
    const { id } = await story.subscription(accountId, { planCode: 'metered', trialDays: 14 });
    await story.advance(clock, '2026-02-10T00:00:00Z');
    expect(await use(id, 'a', '5000', '2026-02-09T00:00:00Z')).toBe('accepted');
    await story.advance(clock, '2026-02-20T00:00:00Z');
    expect(await use(id, 'b', '1100', '2026-02-15T00:00:00Z')).toBe('accepted');
    await story.advance(clock, '2026-03-20T00:00:00Z');
    expect(await billed(id)).toEqual([
      ['paid 1000', '1 base from 2026-02-14: 1000'],
      ['paid 1050', '1100 calls from 2026-02-14: 50', '1 base from 2026-03-14: 1000'],
    ]);
  });

  it.each([
    ['EUR', 1125],
    ['JPY', 1875],
    ['KWD', 3750],
  ])('is billed and charged in %s', async (currency, total) => {
    const { clock, id } = await aMetered(currency);
    await story.advance(clock, '2026-02-10T00:00:00Z');
    await use(id, 'a', '1500', '2026-02-09T00:00:00Z');
    await story.advance(clock, '2026-03-01T00:00:00Z');
    const { body } = await platform.get(`/v1/invoices?subscriptionId=${id}`).expect(200);
    expect(body.data[0].status).toBe('paid');
    expect(body.data[0].total).toMatchObject({ amount: total, currency });
  });
});
