import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';

let platform: TestPlatform;
let story: Story;
beforeAll(async () => {
  platform = await startPlatform();
  story = new Story(platform);
  const flat = (code: string, amount: number, billing: string) => ({
    ...{ code, name: code, kind: 'recurring', model: 'flat', billing, taxBehavior: 'exclusive' },
    currencies: { USD: { amount } },
  });
  await story.plan({ code: 'served', prices: [flat('Seat', 2900, 'advance'), flat('Support', 1000, 'arrears')] });
  await story.plan({ code: 'afterwards', prices: [flat('Support', 1000, 'arrears')] });
});
afterAll(() => platform.stop());

async function anActive(planCode: string): Promise<{ clock: string; id: string }> {
  const clock = await story.testClock('2026-01-31T15:00:00Z');
  const { id } = await story.subscription((await story.account({ testClockId: clock })).id, { planCode });
  return { clock, id };
}

interface Shown {
  readonly issuedAt: string;
  readonly cause: string;
  readonly status: string;
  readonly lines: readonly { description: string; amount: { amount: number }; period: { start: string } }[];
}

/** Oldest first: when, why, and what of which period. */
async function billed(id: string): Promise<unknown[]> {
  const { body } = await platform.get(`/v1/invoices?subscriptionId=${id}&limit=100`).expect(200);
  return (body.data as Shown[])
    .toReversed()
    .map(({ issuedAt, cause, lines }) => [
      issuedAt.slice(0, 10),
      cause,
      ...lines.map(({ description, amount, period }) => `${description} ${amount.amount} from ${period.start.slice(0, 10)}`),
    ]);
}

describe('A price in arrears', () => {
  it('is billed when its period is over, on the invoice of the next one', async () => {
    const { clock, id } = await anActive('served');
    await story.advance(clock, '2026-03-31T15:00:00Z');
    expect(await billed(id)).toEqual([
      ['2026-01-31', 'period/1', 'Pro – Seat 2900 from 2026-01-31'],
      ['2026-02-28', 'period/2', 'Pro – Support 1000 from 2026-01-31', 'Pro – Seat 2900 from 2026-02-28'],
      ['2026-03-31', 'period/3', 'Pro – Support 1000 from 2026-02-28', 'Pro – Seat 2900 from 2026-03-31'],
    ]);
  });

  it('is billed for the days that were used when the subscription ends', async () => {
    const { clock, id } = await anActive('served');
    await story.advance(clock, '2026-02-09T20:00:00Z');
    await platform.delete(`/v1/subscriptions/${id}`).expect(200);
    await story.advance(clock, '2026-06-30T15:00:00Z');
    expect(await billed(id)).toEqual([
      ['2026-01-31', 'period/1', 'Pro – Seat 2900 from 2026-01-31'],
      ['2026-02-09', 'period/1/end', 'Pro – Support (10 of 28 days) 357 from 2026-01-31'],
    ]);
  });

  it('alone makes no invoice before there is something to bill, and the books say that it is earned', async () => {
    const { clock, id } = await anActive('afterwards');
    expect(await billed(id)).toEqual([]);
    await story.advance(clock, '2026-02-28T15:00:00Z');
    expect(await billed(id)).toEqual([['2026-02-28', 'period/2', 'Pro – Support 1000 from 2026-01-31']]);
    const { planId } = (await platform.get(`/v1/subscriptions/${id}`)).body;
    const books = await platform.database.query<{ account: string; amount: string }>(
      'select credit_account as account, amount from ledger.posting where credit_account like $1',
      [`%${planId}`],
    );
    expect(books).toEqual([{ account: `revenue:${planId}`, amount: '1000' }]);
  });
});
