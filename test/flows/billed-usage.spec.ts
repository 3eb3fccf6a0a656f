import type { Meter } from '#pricing/meter.js';
import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';
import { used } from '../support/used.js';

const calls: Meter = { metric: 'calls', aggregation: 'sum' };
const storage: Meter = { metric: 'storage', aggregation: 'max', property: 'gigabytes' };
const JANUARY_31 = '2026-01-31T15:00:00.000Z';
const FEBRUARY_28 = '2026-02-28T15:00:00.000Z';

let platform: TestPlatform;
let story: Story;
beforeAll(async () => {
  platform = await startPlatform();
  story = new Story(platform);
  const usage = { kind: 'usage', taxBehavior: 'exclusive' };
  const tiers = [
    { upTo: '1000', unitAmount: '0' },
    { upTo: null, unitAmount: '0.25' },
  ];
  await story.plan({
    code: 'metered',
    prices: [
      {
        ...{ code: 'base', name: 'Base', kind: 'recurring', model: 'flat', taxBehavior: 'exclusive' },
        currencies: { USD: { amount: 2900 } },
      },
      { ...usage, code: 'calls', name: 'Calls', model: 'graduated', meter: calls, currencies: { USD: { tiers } } },
      {
        ...{ ...usage, code: 'storage', name: 'Storage', model: 'perUnit', meter: storage },
        currencies: { USD: { unitAmount: '10', periodMinimum: 2800 } },
      },
    ],
  });
});
afterAll(() => platform.stop());

async function aMetered(): Promise<{ clock: string; id: string }> {
  const clock = await story.testClock(JANUARY_31);
  const { id } = await story.subscription((await story.account({ testClockId: clock })).id, { planCode: 'metered' });
  return { clock, id };
}

interface Shown {
  readonly lines: readonly { description: string; kind: string; quantity: string; amount: { amount: number } }[];
}

/** Oldest first, what each invoice says of usage. */
async function billed(id: string): Promise<string[][]> {
  const { body } = await platform.get(`/v1/invoices?subscriptionId=${id}&limit=100`).expect(200);
  return (body.data as Shown[])
    .toReversed()
    .map(({ lines }) =>
      lines
        .filter(({ kind }) => kind === 'usage')
        .map(({ description, quantity, amount }) => `${quantity} of ${description}: ${amount.amount}`),
    );
}

describe('What was used', () => {
  it('is billed on the invoice of the next period, and the books say that it is earned', async () => {
    const { clock, id } = await aMetered();
    await used(platform.database, id, calls, JANUARY_31, '1500');
    await used(platform.database, id, storage, JANUARY_31, '400.5');
    await used(platform.database, id, calls, FEBRUARY_28, '20');
    await story.advance(clock, '2026-03-31T15:00:00Z');
    expect(await billed(id)).toEqual([
      [],
      ['1500 of Pro – Calls: 125', '400.5 of Pro – Storage: 4005'],
      ['20 of Pro – Calls: 0', '0 of Pro – Storage: 2800'],
    ]);
    const { planId } = (await platform.get(`/v1/subscriptions/${id}`)).body;
    const [earned] = await platform.database.query<{ amount: string }>(
      'select sum(amount)::text as amount from ledger.posting where credit_account = $1',
      [`revenue:${planId}`],
    );
    expect(earned).toEqual({ amount: String(125 + 4005 + 2800) });
  });

  it('is billed with the end of a subscription, where only the minimum is for the days that were used', async () => {
    const { clock, id } = await aMetered();
    await used(platform.database, id, calls, JANUARY_31, '1500');
    await story.advance(clock, '2026-02-09T20:00:00Z');
    await platform.delete(`/v1/subscriptions/${id}`).expect(200);
    await story.advance(clock, '2026-06-30T15:00:00Z');
    expect(await billed(id)).toEqual([[], ['1500 of Pro – Calls: 125', '0 of Pro – Storage (10 of 28 days): 1000']]);
    const { body } = await platform.get(`/v1/subscriptions/${id}/usage?from=${JANUARY_31}`).expect(200);
    const shown = body.data.filter(({ from }: { from: string }) => from === JANUARY_31);
    expect(shown.map(({ amount }: { amount: { amount: number } }) => amount.amount)).toEqual([125, 1000]);
  });
});
