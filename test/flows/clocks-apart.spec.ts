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

describe('Test clocks and real time', () => {
  it('do not move each other', async () => {
    const start = '2026-01-31T15:00:00.000Z';
    const [first, second] = [await story.testClock(start), await story.testClock(start)];
    const subscribe = async (account: object) => (await story.subscription((await story.account(account)).id)).id;
    const [onFirst, onSecond, inReal] = [
      await subscribe({ testClockId: first }),
      await subscribe({ testClockId: second }),
      await subscribe({}),
    ];
    const counts = async () => [
      (await story.invoices(onFirst)).length,
      (await story.invoices(onSecond)).length,
      (await story.invoices(inReal)).length,
    ];
    const untouched = async (id: string) => (await platform.get(`/v1/subscriptions/${id}`)).body;
    const [secondBefore, realBefore] = [await untouched(onSecond), await untouched(inReal)];

    await story.advance(first, '2027-01-31T15:00:00Z');
    expect(await counts()).toEqual([13, 1, 1]);
    expect(await untouched(onSecond)).toEqual(secondBefore);
    expect(await untouched(inReal)).toEqual(realBefore);
    const clock = async (id: string) => (await platform.get(`/v1/test-clocks/${id}`)).body;
    expect(await clock(first)).toMatchObject({ now: '2027-01-31T15:00:00.000Z', status: 'ready' });
    expect(await clock(second)).toMatchObject({ now: start, status: 'ready' });

    await story.advance(second, '2026-02-28T15:00:00Z');
    expect(await counts()).toEqual([13, 2, 1]);
    expect(await untouched(inReal)).toEqual(realBefore);
  });
});
