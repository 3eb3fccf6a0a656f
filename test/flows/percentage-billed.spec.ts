import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';

let platform: TestPlatform;
let story: Story;
beforeAll(async () => {
  platform = await startPlatform();
  story = new Story(platform);
  await story.plan({ code: 'payments', prices: [base, volume] });
});
afterAll(() => platform.stop());

const base = { code: 'base', name: 'Base', kind: 'recurring', model: 'flat', currencies: { USD: { amount: 2900 } } };
/** As a payment service charges: the first transfer is free, then 2.9 % and 0.30, at least 0.50 and at most 9.00. */
const volume = {
  ...{ code: 'volume', name: 'Transfers', kind: 'usage', model: 'percentage', meter: { metric: 'transfers', aggregation: 'sum' } },
  currencies: { USD: { rate: '2.9', fixedAmount: 30, minimumAmount: 50, maximumAmount: 900, freeUnits: '1' } },
};

const transfers = ['7000', '10000', '500', '-400', '90000', '20000.5'];

describe('US7: a percentage of each transfer', () => {
  it('is shown so far, quoted and billed alike, by fees of each event', async () => {
    const clock = await story.testClock('2026-01-31T15:00:00Z');
    const { id } = await story.subscription((await story.account({ testClockId: clock })).id, { planCode: 'payments' });
    await story.advance(clock, '2026-02-10T00:00:00Z');
    const events = transfers.map((quantity, index) => ({ quantity, timestamp: `2026-02-0${index + 1}T00:00:00Z` }));
    for (const [index, event] of events.entries()) {
      const one = { ...event, subscriptionId: id, metric: 'transfers', idempotencyKey: `transfer/${index}` };
      expect((await platform.post('/v1/usage', one).expect(200)).body.status).toBe('accepted');
    }
    const usage = { transfers: { events } };
    const quoted = await platform.post('/v1/quotes', { currency: 'USD', items: [{ planCode: 'payments', usage }] }).expect(200);
    const [soFar] = (await platform.get(`/v1/subscriptions/${id}/usage`).expect(200)).body.data;
    // 3.20, 0.50, 9.00, and 6.100145 for the last one; the first is free, and what is below zero gives nothing back.
    expect(soFar).toMatchObject({ priceCode: 'volume', events: 6, quantity: '127100.5', amount: { amount: 1880 } });
    expect(quoted.body.lines[1]).toMatchObject({ exactAmount: '1880.0145', amount: { amount: 1880 } });

    await story.advance(clock, '2026-03-31T15:00:00Z');
    const { body } = await platform.get(`/v1/invoices?subscriptionId=${id}`).expect(200);
    const lines = (body.data as { lines: { kind: string; quantity: string; exactAmount: string; amount: { amount: number } }[] }[]).map(
      (invoice) => invoice.lines.filter(({ kind }) => kind === 'usage'),
    );
    expect(lines).toMatchObject([[], [{ quantity: '127100.5', exactAmount: '1880.0145', amount: { amount: 1880 } }], []]);
  });

  it('is settled with what came late, where its amount has changed though what it is of has not', async () => {
    const clock = await story.testClock('2026-01-31T15:00:00Z');
    const { id } = await story.subscription((await story.account({ testClockId: clock })).id, { planCode: 'payments' });
    const use = async (quantity: string) => {
      const one = {
        subscriptionId: id,
        metric: 'transfers',
        quantity,
        timestamp: '2026-02-01T00:00:00Z',
        idempotencyKey: `late/${quantity}`,
      };
      expect((await platform.post('/v1/usage', one).expect(200)).body.status).toBe('accepted');
    };
    await story.advance(clock, '2026-02-10T00:00:00Z');
    await use('7000');
    await use('10000');
    await story.advance(clock, '2026-03-01T00:00:00Z');
    await use('20000');
    await use('-20000');
    await story.advance(clock, '2026-03-20T00:00:00Z');
    const { body } = await platform.get(`/v1/invoices?subscriptionId=${id}`).expect(200);
    const [late] = body.data as { kind: string; total: { amount: number }; lines: { quantity: string; amount: { amount: number } }[] }[];
    expect(late).toMatchObject({ kind: 'lateUsage', total: { amount: 610 } });
    expect(late!.lines.map(({ quantity, amount }) => [quantity, amount.amount])).toEqual([
      ['17000', -320],
      ['17000', 930],
    ]);
  });
});
