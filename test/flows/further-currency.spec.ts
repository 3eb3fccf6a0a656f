import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';

let platform: TestPlatform;
let story: Story;
beforeAll(async () => {
  platform = await startPlatform();
  story = new Story(platform);
});
afterAll(() => platform.stop());

const price = (currencies: object) => [{ code: 'base', model: 'flat', currencies }];

describe('US2: a currency that is added to a plan', () => {
  it('can be subscribed to in, and leaves those alone who pay in another', async () => {
    const plan = await story.plan({ code: 'growing', prices: price({ USD: { amount: 2900 } }) });
    const clock = await story.testClock('2026-01-31T15:00:00Z');
    const [inDollars, inDinars] = [
      await story.account({ testClockId: clock }),
      await story.account({ testClockId: clock, currency: 'KWD' }),
    ];
    const { id: before } = await story.subscription(inDollars.id, { planCode: 'growing' });
    const { etag } = (await platform.get(`/v1/subscriptions/${before}`)).headers;
    const subscribing = { accountId: inDinars.id, planCode: 'growing' };
    expect((await platform.post('/v1/subscriptions', subscribing).expect(422)).body.code).toBe('currency_mismatch');

    const { body } = await platform
      .patch(`/v1/plans/${plan.id}`, { prices: price({ USD: { amount: 2900 }, KWD: { amount: 8500 } }) })
      .expect(200);
    expect(body).toMatchObject({ version: 2, prices: [{ currencies: { USD: { amount: 2900 }, KWD: { amount: 8500 } } }] });
    await platform.settle();
    const { body: unchanged, headers } = await platform.get(`/v1/subscriptions/${before}`).expect(200);
    expect([unchanged.planVersion, headers.etag]).toEqual([1, etag]);

    const after = await story.subscription(inDinars.id, { planCode: 'growing' });
    expect(after.planVersion).toBe(2);
    await story.advance(clock, '2026-02-28T15:00:00Z');
    const totals = async (id: string) => (await story.invoices(id)).map(({ status, total }) => ({ status, ...total }));
    const paid = (amount: number, currency: string) => expect.objectContaining({ status: 'paid', amount, currency });
    expect(await totals(before)).toEqual([paid(2900, 'USD'), paid(2900, 'USD')]);
    expect(await totals(after.id)).toEqual([paid(8500, 'KWD'), paid(8500, 'KWD')]);
  });
});
