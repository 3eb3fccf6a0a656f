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

describe('A subscription that is canceled', () => {
  async function anActive(): Promise<{ clock: string; id: string }> {
    const clock = await story.testClock('2026-01-31T15:00:00Z');
    const { id } = await story.subscription((await story.account({ testClockId: clock })).id);
    await story.advance(clock, '2026-03-15T00:00:00Z');
    return { clock, id };
  }
  const shown = async (id: string) => (await platform.get(`/v1/subscriptions/${id}`).expect(200)).body;
  const issued = async (id: string) => (await story.invoices(id)).map(({ issuedAt }) => issuedAt);
  const billed = ['2026-01-31T15:00:00.000Z', '2026-02-28T15:00:00.000Z'];

  it('at the end of its period runs until then, and is not billed again', async () => {
    const { clock, id } = await anActive();
    await platform.delete(`/v1/subscriptions/${id}?atPeriodEnd=true`).expect(200);
    await story.advance(clock, '2026-03-31T13:59:59.999Z');
    expect(await shown(id)).toMatchObject({ status: 'active', cancelAtPeriodEnd: true, endsAt: '2026-03-31T14:00:00.000Z' });
    await story.advance(clock, '2026-03-31T14:00:00Z');
    expect(await shown(id)).toMatchObject({ status: 'canceled', canceledAt: '2026-03-31T14:00:00.000Z' });
    await story.advance(clock, '2027-03-31T14:00:00Z');
    expect(await issued(id)).toEqual(billed);
  });

  it('now has ended, and is not billed again', async () => {
    const { clock, id } = await anActive();
    await platform.delete(`/v1/subscriptions/${id}`).expect(200);
    expect(await shown(id)).toMatchObject({ status: 'canceled', canceledAt: '2026-03-15T00:00:00.000Z' });
    await story.advance(clock, '2027-03-31T14:00:00Z');
    expect(await issued(id)).toEqual(billed);
  });
});
